"""Files through limits, failures and budgets, over real HTTP with time that jumps."""

import asyncio
from contextlib import aclosing
from dataclasses import replace
from decimal import Decimal
from functools import partial

import pytest

from groqchat.domain.audio.requests import AudioOptions, Timestamps
from groqchat.domain.audio.splitting import LONGEST_PIECE_S, spans
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import Plan
from groqchat.domain.settings import Budget
from groqchat.domain.text.secret import Secret
from groqchat.domain.turns.retry import RetryPolicy
from groqchat.media.pyav import PyAv
from groqchat.media.tools import length
from groqchat.provider.groq_provider import GroqProvider
from groqchat.services.audio import sources
from groqchat.services.audio.audio_services import AudioServices
from groqchat.services.audio.sources import Sources
from groqchat.services.audio.transcription import (
    AudioWait,
    FileDone,
    FileFailed,
    PieceDone,
    Transcription,
)
from groqchat.services.quota.budget import BudgetGuard
from groqchat.services.quota.quota import Account, QuotaService
from groqchat.services.scheduling.scheduler import Scheduler
from groqchat.simulator.options import Options as Behaviour
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog
from tests.fakes import MemoryLedger, MemoryStore, counter
from tests.media.sounds import RATE, tone, wav
from tests.virtual_time import VirtualTimeLoop, watch_threads

TURBO = "whisper-large-v3-turbo"
CATALOG = load_catalog()
TOOL = PyAv()
LECTURE_S, SHORT_S = 1_260, 126
SOURCES = Sources(TOOL, lambda path: length(path, TOOL))


class Room:
    """A client of the free plan and its server, whose time jumps."""

    def __init__(self, clock, simulator, provider, budget):
        self.clock = clock
        self.simulator = simulator
        self.ledger = MemoryLedger(MemoryStore())
        account = Account("default", "f1")
        self.services = AudioServices(
            provider=provider,
            quota=QuotaService(account, self.ledger, CATALOG, clock, Plan.FREE),
            budget=BudgetGuard(self.ledger, lambda: budget, clock),
            ledger=self.ledger,
            pieces=self.ledger,
            place=simulator.url,
            account=account,
            price_of=lambda model: CATALOG.get(model).price,
            policy=RetryPolicy(4, float("inf"), float("inf"), is_patient=True),
            chance=lambda: 0.5,
            clock=clock,
            new_id=counter(),
            lane_of=Scheduler(clock).lane,
        )

    async def run_of(self, paths, *, jobs=4, **options):
        """A run over some files."""
        files = [await SOURCES.look_at(path) for path in paths]
        return Transcription(
            files,
            AudioOptions(TURBO, **options),
            SOURCES,
            self.services,
            most=jobs,
        )

    async def transcribe(self, paths, **options):
        """All events of a run."""
        return await _all(await self.run_of(paths, **options))


def run(test, monkeypatch, *, budget=None, **behaviour):
    """Run a test in a room of its own."""
    watch_threads(monkeypatch)

    async def started():
        clock = asyncio.get_running_loop().clock
        async with Simulator(CATALOG, Behaviour(rate=None, **behaviour), clock=clock) as simulator:
            provider = GroqProvider(Secret("gsk_test_good"), simulator.url, clock_now=clock.now)
            try:
                await test(Room(clock, simulator, provider, budget or Budget()))
            finally:
                await provider.close()

    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        runner.run(started())


async def _all(run):
    async with aclosing(run.events()) as events:
        return [event async for event in events]


def lecture(folder, length_s=LECTURE_S):
    """A file with a pause each 20 s, which is just too long to be sent whole."""
    slower = 8  # an eighth of the bytes
    pauses = tuple((at / slower, (at + 0.6) / slower) for at in range(20, length_s, 20))
    return wav(folder / "lecture.wav", tone(length_s / slower, pauses=pauses), RATE // slower)


def short_lecture(folder, monkeypatch):
    """The same in a tenth of the time: the longest piece is as much shorter."""
    monkeypatch.setattr(sources, "spans", partial(spans, longest=LONGEST_PIECE_S / 10))
    monkeypatch.setattr(sources, "UNSPLIT_S", sources.UNSPLIT_S / 10)
    return lecture(folder, SHORT_S)


def _of(kind, events):
    return [event for event in events if isinstance(event, kind)]


def test_files_come_back_with_text_length_and_cost(tmp_path, monkeypatch):
    async def test(room):
        paths = [wav(tmp_path / f"{n}.wav", tone(n)) for n in (4, 30)]
        short, long = sorted(
            _of(FileDone, await room.transcribe(paths)), key=lambda done: done.duration_s
        )
        assert (short.duration_s, short.billed_s) == (4.0, 10.0)
        assert (long.duration_s, long.billed_s) == (30.0, 30.0)
        assert long.cost == Decimal("0.04") * 30 / 3600 or abs(
            long.cost - Decimal("0.04") * 30 / 3600
        ) < Decimal("1e-11")
        assert long.transcript.text.startswith("Thank you all")
        entries = room.ledger.entries
        assert sorted(entry.audio_s for entry in entries) == [10.0, 30.0]
        assert {entry.cost for entry in entries} == {short.cost, long.cost}

    run(test, monkeypatch)


def test_the_use_of_a_file_is_never_uncounted_between_its_end_and_the_ledger(tmp_path, monkeypatch):
    async def test(room):
        quota, left = room.services.quota, []

        async def watched(model):
            left.append(quota.view(model).level(LimitKind.RPM).remaining)
            await follow(model)

        follow, quota.follow = quota.follow, watched
        await room.transcribe([wav(tmp_path / "one.wav", tone(4))])
        assert left[-1] == 19  # of 20

    run(test, monkeypatch)


def test_forty_files_wait_in_sight_for_the_hour_and_the_minute_and_none_is_refused(
    tmp_path, monkeypatch
):
    async def test(room):
        path = wav(tmp_path / "six minutes.wav", tone(22.5), rate=1_000)
        events = await room.transcribe([path] * 40)
        assert len(_of(FileDone, events)) == 40
        waits = _of(AudioWait, events)
        assert {str(wait.error.facts.limit_kind) for wait in waits} >= {"ASH"}
        assert all(wait.error.facts.status is None for wait in waits)  # our own, not the server's
        assert {entry.outcome for entry in room.ledger.entries} == {"ok"}
        # 14,400 s of sound, of which 7,200 fit at once, and 2 s a second after that.
        assert room.clock.monotonic() == pytest.approx(3_600, rel=0.05)

    run(test, monkeypatch)


def test_a_long_file_is_split_and_its_times_go_on(tmp_path, monkeypatch):
    async def test(room):
        path = lecture(tmp_path)
        events = await room.transcribe([path], timestamps=Timestamps.WORD)
        (done,) = _of(FileDone, events)
        pieces = [event.seconds for event in _of(PieceDone, events)]
        assert len(pieces) == 3
        assert sum(pieces) == pytest.approx(LECTURE_S, abs=0.1)
        assert done.billed_s == pytest.approx(LECTURE_S, abs=0.1)
        starts = [word.start for word in done.transcript.words]
        assert starts == sorted(starts)
        assert done.transcript.words[-1].end == pytest.approx(LECTURE_S, abs=0.1)
        assert len(_of(AudioWait, events)) == 0

    run(test, monkeypatch)


def test_outages_are_tried_again_and_a_refused_file_costs_the_others_nothing(tmp_path, monkeypatch):
    async def test(room):
        good, bad = wav(tmp_path / "good.wav", tone(5)), tmp_path / "bad.wav"
        bad.write_bytes(wav(tmp_path / "x.wav", tone(5)).read_bytes())
        files = [await SOURCES.look_at(path) for path in (good, bad)]
        bad.unlink()
        run = Transcription(files, AudioOptions(TURBO), SOURCES, room.services, most=2)
        async with aclosing(run.events()) as events:
            heard = [event async for event in events]
        (failed,) = _of(FileFailed, heard)
        assert failed.source.name == "bad.wav"
        assert failed.error.cause.name == "audio_unreadable"
        (done,) = _of(FileDone, heard)
        assert done.source.name == "good.wav"

    run(test, monkeypatch)


def test_a_spent_budget_sends_nothing(tmp_path, monkeypatch):
    async def test(room):
        path = wav(tmp_path / "talk.wav", tone(60))
        events = await room.transcribe([path] * 3, jobs=1)
        failed = _of(FileFailed, events)
        assert [event.error.kind for event in failed] == [ErrorKind.OVER_BUDGET] * 2
        assert len(_of(FileDone, events)) == 1
        assert len(room.ledger.entries) == 1

    run(test, monkeypatch, budget=Budget(monthly_usd=Decimal("0.001")))


def test_without_a_tool_a_long_file_names_what_to_install(tmp_path):
    path = wav(tmp_path / "long.wav", tone(1_300))
    bare = Sources(None, lambda path: length(path, None), "FFmpeg")
    with pytest.raises(Exception, match=r"long\.wav is larger") as error:
        asyncio.run(bare.look_at(path))
    assert "Install FFmpeg" in error.value.command_suggestion


async def _stopped(run):
    """Go on until the first piece is there, and stop."""
    async with aclosing(run.events()) as events:
        async for event in events:
            if isinstance(event, PieceDone):
                return


def test_a_run_that_was_stopped_is_gone_on_with_and_no_piece_is_paid_twice(tmp_path, monkeypatch):
    async def test(room):
        path = short_lecture(tmp_path, monkeypatch)
        first = await room.run_of([path], jobs=1, timestamps=Timestamps.WORD)
        whole = first.billed_s
        await _stopped(first)
        ((source, number),) = first.kept.items()
        assert (source.name, number) == ("lecture.wav", 1)
        second = await room.run_of([path], timestamps=Timestamps.WORD)
        assert await second.recall() == 1
        (entry,) = room.ledger.entries
        assert second.there_s == entry.audio_s
        assert second.billed_s == pytest.approx(whole - entry.audio_s)
        events = await _all(second)
        (done,) = _of(FileDone, events)
        assert len(_of(PieceDone, events)) == 2
        assert len(room.ledger.entries) == 3
        assert done.billed_s == pytest.approx(SHORT_S, abs=0.1)
        assert done.cost == sum(entry.cost for entry in room.ledger.entries)
        third = await room.run_of([path], timestamps=Timestamps.WORD)
        assert await third.recall() == 3
        (again,) = await _all(third)
        assert again == replace(done, source=again.source)
        await third.forget(again.source)
        assert third.kept == {}
        assert room.ledger.pieces == {}

    run(test, monkeypatch)


def test_what_was_asked_in_another_way_or_of_another_content_is_sent(tmp_path, monkeypatch):
    async def test(room):
        path = wav(tmp_path / "a.wav", tone(5))
        await room.transcribe([path])
        assert len(room.ledger.pieces) == 1
        for options in ({"language": "de"}, {"prompt": "x"}, {"timestamps": Timestamps.WORD}):
            assert await (await room.run_of([path], **options)).recall() == 0
        room.services = replace(room.services, place="http://127.0.0.1:1")
        assert await (await room.run_of([path])).recall() == 0
        room.services = replace(room.services, place=room.simulator.url)
        assert await (await room.run_of([path])).recall() == 1
        wav(path, tone(6))
        assert await (await room.run_of([path])).recall() == 0

    run(test, monkeypatch)


def test_a_lost_network_keeps_what_is_paid(tmp_path, monkeypatch):
    async def test(room):
        path = short_lecture(tmp_path, monkeypatch)
        lost = await room.run_of([path], jobs=1)
        async with aclosing(lost.events()) as events:
            async for event in events:
                if isinstance(event, PieceDone):
                    room.simulator.arm("reset@audio")
                last = event
        assert isinstance(last, FileFailed)
        assert list(lost.kept.values()) == [1]
        room.simulator.disarm()
        again = await room.run_of([path])
        assert await again.recall() == 1
        assert len(_of(PieceDone, await _all(again))) == 2
        paid = [entry for entry in room.ledger.entries if entry.outcome == "ok"]
        assert sum(entry.audio_s for entry in paid) == pytest.approx(SHORT_S, abs=0.1)

    run(test, monkeypatch)
