"""Sets of prompts on the simulator's free plan, with client and server on one driven clock."""

import asyncio
import sqlite3
import statistics
from collections import Counter
from contextlib import aclosing, closing
from decimal import Decimal

import pytest

from groqchat.bootstrap import Launch, open_services
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.prompt_sets.prompt_set import SetRecord, progress
from groqchat.domain.prompt_sets.report import set_report
from groqchat.domain.turns.chat import Answered, Options, Sending, Session, Waiting
from groqchat.services.compare.column import Failed
from groqchat.services.prompt_sets.events import ModelEnded
from groqchat.services.prompt_sets.prompt_files import read_prompts
from groqchat.services.prompt_sets.prompt_sets import PromptSetRun
from groqchat.services.prompt_sets.set_services import SetServices
from groqchat.services.prompt_sets.shared_budget import SharedBudget
from groqchat.services.scheduling.scheduler import Scheduler
from groqchat.simulator.options import Options as Behaviour
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog
from tests.virtual_time import watch_threads

GONE = "nobody/knows-it"
BIG, SMALL, QWEN = MODELS = "openai/gpt-oss-120b", "openai/gpt-oss-20b", "qwen/qwen3.8-27b"


class Listener:
    """One run of a set, listened to."""

    def __init__(self, run):
        self.run = run
        self.events = []
        self.ended = {}

    async def listen(self, *, answers=None):
        """All events, or those until so many answers are there."""
        async with aclosing(self.run.ask()) as events:
            async for event in events:
                self.events.append(event)
                if isinstance(event, ModelEnded):
                    self.ended[event.model] = event.error
                elif answers and len(self.of(Answered)) == answers:
                    break
        return self

    def of(self, kind):
        turns = (each for each in self.events if not isinstance(each, ModelEnded))
        return [each for each in turns if isinstance(each.event, kind)]


@pytest.fixture
async def clock(monkeypatch):
    watch_threads(monkeypatch)
    return asyncio.get_running_loop().clock


@pytest.fixture
async def groq(clock, monkeypatch):
    """A server that takes a fifth of a second to begin an answer."""
    behaviour = Behaviour(rate=None, first_token_s=0.2)
    async with Simulator(load_catalog(), behaviour, clock=clock) as simulator:
        monkeypatch.setenv("GROQ_BASE_URL", simulator.url)
        monkeypatch.setenv("GROQ_API_KEY", "gsk_test_0123456789abcdefghij")
        yield simulator


def prompts_of(number):
    """Prompts whose answers end with their number; every second one is expected to."""
    rows = [
        f'{{"prompt": "write 12 tokens, end with P{n:03}", "contains": "P{n - n % 2:03}"}}'
        for n in range(number)
    ]
    return read_prompts("\n".join(rows))


async def begun(services, clock, prompts, *, models=MODELS, place="set", budget=None, jobs=None):
    """A run, new or of what is there, as the command line makes it."""
    services.clock = clock
    connection = services.connect(await services.find_key())
    last = await services.prompt_sets.last(place)
    session = await services.store.session(last.session_id) if last else None
    if session is None:
        session = Session(services.new_id(), "A set", clock.now(), clock.now())
    run = PromptSetRun(
        session,
        SetRecord(session.id, place, clock.now()),
        prompts,
        {model: Options(model) for model in models},
        SetServices(
            connection.turns.plain,
            connection.accounting,
            services.store,
            services.prompt_sets,
            connection.models.price_of,
            clock,
            Scheduler(clock, jobs).lane,
        ),
        shared_budget=SharedBudget(services.ledger, session.id, budget)
        if budget is not None
        else None,
    )
    await run.recall()
    return connection, run


async def asked(clock, prompts, *, answers=None, **more):
    """Run a set in a fresh program; returns what was heard and the report."""
    async with open_services(Launch()) as services:
        connection, run = await begun(services, clock, prompts, **more)
        try:
            heard = await Listener(run).listen(answers=answers)
        finally:
            await connection.close()
        session_id = run.session.id
        messages = await services.store.answers(session_id)
        failures = await services.prompt_sets.failures(session_id)
        report = set_report(
            "set",
            session_id,
            prompts=prompts,
            models=list(run.options),
            progress=progress(session_id, messages, failures),
            messages=messages,
        )
    return heard, report


def times_asked(groq):
    """How often each prompt was really sent to each model: the answers end with its number."""
    answers = groq._state.answers.values()
    return Counter((each.model, each.content.split()[-1]) for each in answers)


def database(home):
    (path,) = home.rglob("groqchat.db")
    return path


async def test_sixty_prompts_over_three_models_on_the_free_plan(clock, groq, groqchat_home):
    await stopped_and_gone_on_with(clock, groq, groqchat_home, 60)


async def stopped_and_gone_on_with(clock, groq, home, number):
    """So many prompts, over three models; the run is stopped when half is answered."""
    prompts, start = prompts_of(number), clock.now()
    heard, _ = await asked(clock, prompts, answers=number * 5 // 4)
    before = {(told.model, told.prompt.id) for told in heard.of(Answered)}
    heard, report = await asked(clock, prompts)
    after = {(told.model, told.prompt.id) for told in heard.of(Answered)}
    assert not before & after
    assert len(before | after) >= 3 * number - len(MODELS)  # some were saved, but not heard of
    assert not report.missing
    assert set(heard.ended.values()) == {None}
    # What had been answered was asked once; only what was under way at the stop is asked again.
    times = times_asked(groq)
    assert set(times) == {(model, f"P{n:03}") for model in MODELS for n in range(number)}
    assert sum(times.values()) - 3 * number <= len(MODELS)
    assert max(times.values()) <= 2
    # Thirty requests a minute: the models waited, each for itself, and none was refused.
    assert {told.model for told in heard.of(Waiting)} == set(MODELS)
    assert not heard.of(Failed)
    assert 2 * (number - 30) <= clock.now() - start < 3.5 * number
    assert_recomputed(report, database(home), number)


def assert_recomputed(report, path, number):
    """Every figure of the report, once more from the ledger and the answers."""
    with closing(sqlite3.connect(path)) as db:
        for figures in report.models:
            of = (report.session_id, figures.model)
            entries = db.execute(
                "SELECT cost, prompt_tokens, completion_tokens, outcome FROM ledger "
                "WHERE session_id = ? AND model = ?", of
            ).fetchall()  # fmt: skip
            # A refusal costs nothing: the server may count what a killed client did not.
            assert {entry[3] for entry in entries if entry[0] is None} <= {"rate_limited"}
            cost = sum((Decimal(entry[0] or 0) for entry in entries), Decimal(0))
            assert figures.cost == cost > 0
            assert figures.per_thousand == cost * 1000 / number
            assert figures.prompt_tokens == sum(entry[1] for entry in entries)
            assert figures.completion_tokens == sum(entry[2] for entry in entries)
            assert figures.answers == sum(entry[3] == "ok" for entry in entries) == number
            answers = db.execute(
                "SELECT timing ->> 'time_to_first_token_s', timing ->> 'total_s', content "
                "FROM messages JOIN ledger ON message_id = messages.id "
                "WHERE messages.session_id = ? AND messages.model = ? AND outcome = 'ok'", of
            ).fetchall()  # fmt: skip
            for place, shown in (
                (0, (figures.first_p50, figures.first_p95)),
                (1, (figures.total_p50, figures.total_p95)),
            ):
                cuts = statistics.quantiles(
                    [answer[place] for answer in answers], n=100, method="inclusive"
                )
                assert shown == pytest.approx((cuts[49], cuts[94]))
            ends = [int(answer[2].split()[-1][1:]) for answer in answers]
            assert (figures.checks.passed, figures.checks.of) == (
                sum(end % 2 == 0 for end in ends), number,
            )  # fmt: skip


async def test_a_waiting_model_holds_up_nobody(clock, groq):
    groq.spend(BIG, LimitKind.TPM, 7_990)
    heard, _ = await asked(clock, prompts_of(5), models=(BIG, SMALL))
    answered = [told.model for told in heard.of(Answered)]
    assert answered[:5] == [SMALL] * 5
    assert answered[5:] == [BIG] * 5


@pytest.mark.parametrize("jobs", [1, 3, None])
async def test_so_many_requests_are_under_way_at_once_as_were_asked_for(clock, groq, jobs):
    heard, report = await asked(clock, prompts_of(20), models=(BIG, SMALL), jobs=jobs)
    assert not report.missing
    under_way = [0]
    for told in heard.of(Sending | Answered):
        under_way.append(under_way[-1] + (1 if isinstance(told.event, Sending) else -1))
    assert max(under_way) == (jobs or max(under_way))
    assert max(under_way) >= (jobs or 3)


async def test_a_day_used_up_stops_one_model_until_it_is_asked_again(clock, groq):
    prompts = prompts_of(4)
    groq.spend(BIG, LimitKind.RPD, 998)
    heard, report = await asked(clock, prompts, models=(BIG, SMALL))
    assert heard.ended[SMALL] is None
    stop = heard.ended[BIG]
    assert (stop.kind, stop.facts.limit_kind) == (ErrorKind.RATE_LIMITED, LimitKind.RPD)
    assert stop.facts.retry_after_s > 60
    assert [model.missing for model in report.models] == [2, 0]
    clock.advance(3 * 86.4)
    heard, report = await asked(clock, prompts, models=(BIG, SMALL))
    assert {told.model for told in heard.of(Answered)} == {BIG}
    assert not report.missing
    assert set(times_asked(groq).values()) == {1}


async def test_a_failure_is_asked_again_only_where_that_may_help(clock, groq):
    rows = '{"prompt": "simulate: %s"}\n{"prompt": "write 12 tokens, end with P001"}'
    for fault, kind, again in (
        ("cut", ErrorKind.STREAM_BROKEN, True),
        ("unprocessable", ErrorKind.INVALID_REQUEST, False),
    ):
        prompts = read_prompts(rows % fault)
        heard, report = await asked(clock, prompts, models=(SMALL, QWEN), place=fault)
        assert {told.event.error.kind for told in heard.of(Failed)} == {kind}
        assert [model.failures for model in report.models] == [((kind, 1),)] * 2
        assert [model.answers for model in report.models] == [1, 1]
        heard, _ = await asked(clock, prompts, models=(SMALL, QWEN), place=fault)
        assert bool(heard.events[:-2]) is again
        assert len(heard.of(Answered)) == 0


async def test_a_key_that_is_refused_stops_every_model(clock, groq):
    groq.arm("key_rejected")
    heard, report = await asked(clock, prompts_of(3), models=(SMALL, QWEN))
    assert {error.kind for error in heard.ended.values()} == {ErrorKind.KEY_REJECTED}
    assert report.missing == 6
    assert len(heard.of(Failed)) == 0


async def test_a_model_that_is_gone_is_noted_and_asked_again_each_time(clock, groq):
    prompts = prompts_of(3)
    for _ in range(2):
        heard, report = await asked(clock, prompts, models=(GONE, SMALL))
        assert heard.ended[GONE].kind is ErrorKind.MODEL_GONE
        assert not heard.of(Failed)
        gone = report.models[0]
        assert gone.failures == (("model_gone", 1),)
        assert (gone.missing, gone.unasked) == (3, 2)
    refusals = [entry for entry in await ledger_of(report.session_id) if entry == (GONE, 404)]
    assert len(refusals) == 2


async def ledger_of(session_id):
    """Model and status of each request of a session."""
    async with open_services(Launch()) as services:
        with closing(sqlite3.connect(services.database_path)) as db:
            query = "SELECT model, status FROM ledger WHERE session_id = ?"
            return db.execute(query, (session_id,)).fetchall()


@pytest.mark.parametrize("reason", ["key", "budget", "limit"])
async def test_a_run_that_nothing_comes_of_leaves_nothing_behind(clock, groq, reason):
    budget = Decimal(0) if reason == "budget" else None
    if reason == "key":
        groq.arm("key_rejected")
    elif reason == "limit":
        groq.arm("rate_limited_tpd")
    heard, _ = await asked(clock, prompts_of(2), models=(BIG, SMALL), budget=budget)
    assert all(heard.ended.values())
    async with open_services(Launch()) as services:
        assert await services.prompt_sets.last("set") is None
        assert not await services.store.sessions()


async def test_lanes_that_do_not_fit_into_the_budget_at_once_wait_for_each_other(
    clock, groq, groqchat_home
):
    # The first answers are expected to cost 0.0006 and 0.0003 dollars, and cost a tenth.
    groqchat_home.mkdir(exist_ok=True)
    (groqchat_home / "config.toml").write_text('[budget]\nmonthly_usd = "0.0008"\n')
    heard, report = await asked(clock, prompts_of(3), models=(BIG, SMALL))
    assert heard.ended == {BIG: None, SMALL: None}
    assert not report.missing
    assert set(times_asked(groq).values()) == {1}
    (groqchat_home / "config.toml").write_text('[budget]\nmonthly_usd = "0.0005"\n')
    heard, report = await asked(clock, prompts_of(30), models=(BIG, SMALL))
    assert {error.kind for error in heard.ended.values()} == {ErrorKind.OVER_BUDGET}
    assert sum(model.cost for model in report.models) <= Decimal("0.0005")


async def test_the_budget_of_a_set_ends_it_before_it_is_overdrawn(clock, groq, groqchat_home):
    prompts, limit = prompts_of(30), Decimal("0.0004")
    heard, report = await asked(clock, prompts, models=(BIG, SMALL), budget=limit)
    kinds = {error.kind for error in heard.ended.values() if error}
    assert kinds == {ErrorKind.OVER_BUDGET}
    spent = sum(model.cost for model in report.models)
    assert limit / 2 < spent <= limit
    assert report.missing
    heard, _ = await asked(clock, prompts, models=(BIG, SMALL), budget=limit)
    assert not heard.of(Answered)
    heard, report = await asked(clock, prompts, models=(BIG, SMALL))
    assert not report.missing
    assert set(times_asked(groq).values()) == {1}
