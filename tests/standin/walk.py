"""Mixed turns of one home and two processes, each held against what the server says is true."""

from __future__ import annotations

import asyncio
import json
import random
from collections import defaultdict
from contextlib import aclosing
from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.bootstrap import Launch, open_services
from groqchat.cli.answers import answer_document
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.ledger.usage_report import sums_document
from groqchat.domain.turns.chat import Answered, AnswerStarted, Delta, Options, Session
from tests.standin.server import MODELS, Count

MODELS_ASKED = ["openai/gpt-oss-120b"] * 3 + ["openai/gpt-oss-20b"] * 2 + ["qwen/qwen3.8-27b"]
KINDS = (
    ["short"] * 9 + ["long"] * 4 + ["goes on"] * 5 + ["bounded"] * 2
    + ["refused", "too large", "stopped", "odd", "slow", "others", "day is used"]
)  # fmt: skip

# How long an answer is asked for that is not to fit, by a client that looks at no limit itself.
REFUSED = {"refused": 7_000, "too large": 9_000, "refused by the day": 200}
EXPECTED = {ErrorKind.RATE_LIMITED, ErrorKind.TOO_LARGE, ErrorKind.NO_ANSWER}


class Walk:
    """One home, two processes of it, and one server: turns, and what holds after each."""

    def __init__(self, place, clock, seed):
        self.place, self.clock, self.chance = place, clock, random.Random(seed)
        self.booked: list[tuple[float, Count]] = []
        self.done = defaultdict(int)
        self.session, self.leaf = None, None
        self.is_doubted = False

    async def begin(self, stack):
        """Two processes: one that waits as long as it takes, one that never does."""
        self.patient = await _connected(self, stack, 86_400)
        self.hasty = await _connected(self, stack, 0)

    def new_session(self):
        now = self.clock.now()
        self.session, self.leaf = Session(f"s{len(self.done)}-{now}", "", now, now), None

    async def turn(self):
        kind, model = self.chance.choice(KINDS), self.chance.choice(MODELS_ASKED)
        self.clock.advance(self.chance.choice([0, 0.2, 1, 7, 30, 90]))
        if not self.done:
            kind = "short"  # nobody else has used anything: it shows what headers count
        if kind == "others":
            await self.place.others(model, self.chance.choice([50, 400]))
            kind = "short"
        if kind == "day is used":
            left = self.place.bounds(model)["TPD"][0]
            self.place.spend(model, "TPD", max(0, left - 150))
            kind = "refused by the day"
        self.done[kind] += 1
        if kind != "goes on" or self.session is None:
            self.new_session()
        self.place.script(kind, self.chance)
        await self.ask(kind, model)
        await self.look(model)

    async def ask(self, kind, model):
        """One turn of a kind; its answer is held against the server's own count."""
        services, connection = self._asker(kind)
        longest = {"bounded": 20, **REFUSED}
        options = Options(model, system="Be brief.", max_tokens=longest.get(kind))
        turn = connection.turns.ask(
            self.session,
            self._prompt(kind),
            options,
            parent_id=self.leaf,
            is_checked=kind not in REFUSED,
        )
        request_id, answered, text = None, None, ""
        try:
            async with aclosing(turn) as events:
                async for event in events:
                    match event:
                        case AnswerStarted(message):
                            request_id = message.request_id
                            self._headers_told(model)
                        case Delta() if kind == "stopped":
                            text += event.text
                            if len(text.split()) >= self.place.enough:
                                break
                        case Delta() if kind == "slow":
                            self.place.time_passes(2.0)
                        case Answered():
                            answered = event
        except GroqchatError as error:
            if error.kind not in EXPECTED:
                raise
            self._refused(error, model)
        if request_id is not None:
            await self._book(kind, request_id, answered, (services, connection))
        self.leaf = answered.message.id if answered else None

    def _asker(self, kind):
        return self.hasty if kind in REFUSED else self.patient

    def _prompt(self, kind):
        words = self.chance.choice([400, 900, 2_400] if kind == "long" else [2, 9, 60])
        return " ".join(["What is left of a limit now?", *(["and then"] * (words // 2))])

    def _headers_told(self, model):
        for name in ("RPD", "TPM"):
            self.place.told(model, name)

    def _refused(self, error, model):
        """What a refusal said of its limit is known from here on."""
        if error.facts.used is not None and error.facts.limit_kind:
            self.place.told(model, str(error.facts.limit_kind), by_refusal=True)
        if error.facts.reading is not None:
            self._headers_told(model)

    async def _book(self, kind, request_id, answered, asker):
        count = await self.place.count(request_id)
        if kind == "stopped":
            count = await self._stopped(*asker, count, request_id)
        elif answered is not None:
            self._same_answer(answered, asker[1], count)
        self.booked.append((self.clock.now(), count))

    async def _stopped(self, services, connection, count, request_id):
        """A stopped answer as it is booked: by an estimate, which is wrong by a little only."""
        booked = (await _entry(services, connection, count.model, request_id)).usage
        assert booked.prompt_tokens == pytest.approx(count.prompt, rel=0.3, abs=16), (booked, count)
        assert booked.completion_tokens == pytest.approx(count.completion, rel=0.3, abs=16), (
            booked,
            count,
        )
        self.place.stopped(count.model, booked, count)
        return replace(
            count,
            prompt=booked.prompt_tokens,
            cached=booked.cached_tokens,
            completion=booked.completion_tokens,
        )

    def _same_answer(self, answered, connection, count):
        document = json.loads(
            json.dumps(answer_document(answered, connection.quota.view(count.model)))
        )
        assert document["usage"] == {
            "prompt_tokens": count.prompt, "cached_tokens": count.cached,
            "completion_tokens": count.completion, "reasoning_tokens": count.reasoning,
            "total_tokens": count.prompt + count.completion, "usage_estimated": False,
        }  # fmt: skip
        assert Decimal(document["cost_usd"]) == count.dollars
        self._same_quota(document["quota"], count.model)

    def _same_quota(self, quota, model):
        """The JSON: what is left, and in how many seconds all of it will be."""
        self.same_left({name: level["remaining"] for name, level in quota.items()}, model)
        for name, level in quota.items():
            assert level["limit"] == MODELS[model][name]
            used = level["limit"] - level["remaining"]
            window = 86_400 if name.endswith("D") else 60
            assert level["resets_in_s"] * level["limit"] / window == pytest.approx(used, abs=1.01)

    def same_left(self, shown, model):
        """What is left of each limit, in whole units, is what the server says."""
        bounds = self.place.bounds(model)
        assert self.has_left(shown, model), (shown, bounds, dict(self.done))

    def has_left(self, shown, model):
        """True if what is shown as left of each limit is what the server says."""
        return all(
            name in shown and self._least(name, least) <= shown[name] <= most
            for name, (least, most) in self.place.bounds(model).items()
        )

    def _least(self, name, least):
        return 0 if self.is_doubted and name == "TPM" else least

    async def look(self, model):
        """Both processes show what is true, of limits and of money."""
        for services, connection in (self.patient, self.hasty):
            view = await connection.quota.refresh(model)
            self.same_left({str(level.kind): level.remaining for level in view.levels}, model)
            self._same_sums(sums_document(await services.ledger.spent()))

    def _same_sums(self, sums):
        counts = [count for _, count in self.booked]
        assert sums["prompt_tokens"] == sum(count.prompt for count in counts)
        assert sums["cached_tokens"] == sum(count.cached for count in counts)
        assert sums["completion_tokens"] == sum(count.completion for count in counts)
        assert Decimal(sums["cost_usd"]) == sum(count.dollars for count in counts)

    def dollars_since(self, time):
        """What everything from a Unix time on has cost, by the server's count."""
        return sum((count.dollars for at, count in self.booked if at >= time), Decimal(0))


async def _connected(walk, stack, longest_wait_s):
    services = await stack.enter_async_context(open_services(Launch()))
    services.clock = walk.clock
    connection = services.connect(await services.find_key(), longest_wait_s=longest_wait_s)
    stack.push_async_callback(connection.close)
    return services, connection


async def _entry(services, connection, model, request_id):
    fingerprint = connection.account.fingerprint
    for _ in range(500):
        recorded = await services.ledger.since(0, fingerprint=fingerprint, model=model)
        if found := [entry for entry in recorded.entries if entry.request_id == request_id]:
            return found[0]
        await asyncio.sleep(0.002)
    raise AssertionError("a stopped answer was never booked")
