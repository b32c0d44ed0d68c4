"""The two servers that the turns go to, and what each says is true."""

from __future__ import annotations

import asyncio
import math
from collections import defaultdict

from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.limits.quota import LimitKind
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options as Behaviour
from groqchat.storage.catalog import load_catalog
from tests.standin.server import MODELS, Count, Script, StandIn

ODD_ENDS = ["content_filter", "tool_calls", "insufficient_system_resource", "nothing"]
# Headers tell times to the millisecond, so that the tokens of the minute are known to 0.14.
ROUNDING = 0.15


async def eventually(condition):
    """What becomes true a moment after an answer's end, where another thread writes it down."""
    for _ in range(1_000):
        if told := condition():
            return told
        await asyncio.sleep(0.002)
    raise AssertionError("waited in vain")


def whole(left):
    """Units that can be used: where more than a limit was used, none are left."""
    return max(0, math.floor(left))


class AtStandIn:
    """The stand-in, and what can be known of it to the token."""

    def __init__(self, clock, timing):
        self.clock = clock
        self.server = StandIn(clock, has_reservation=timing is HeaderTiming.RESERVED)

    async def __aenter__(self):
        await self.server.__aenter__()
        self.url = self.server.url
        return self

    async def __aexit__(self, *broken):
        await self.server.__aexit__(*broken)

    def bounds(self, model):
        """By bucket, the least and the most that may be shown as left."""
        return {
            name: (whole(left - ROUNDING), whole(left + ROUNDING))
            for name, (left, _) in self.server.knowable(model).items()
        }

    async def count(self, request_id):
        return self.server.counts[request_id]

    async def others(self, model, tokens):
        self.server.limits[model].others(tokens // 2, tokens - tokens // 2, self.clock.now())

    def spend(self, model, name, amount):
        self.server.limits[model].spend(name, amount, self.clock.now())

    def script(self, kind, chance):
        if kind == "stopped":
            self.enough = chance.choice([8, 80, 240])
            self.server.script = Script(length=400, thinks=False, pauses_after=self.enough)
        elif kind == "slow":
            self.server.script = Script(length=300, thinks=False, pauses_after=16)
        elif kind == "odd":
            end = chance.choice(ODD_ENDS)
            self.server.script = (
                Script(thinks=True, says=False) if end == "nothing" else Script(finish=end)
            )

    def time_passes(self, seconds):
        """Once in a slow answer, which waits for it."""
        if self.server.is_pausing:
            self.clock.advance(seconds)
            self.server.go_on()

    def stopped(self, model, booked, count):
        """How wrong our own estimate of a stopped answer is."""
        now, limits = self.clock.now(), self.server.limits[model]
        prompt = booked.prompt_tokens - count.prompt + count.cached - booked.cached_tokens
        answer = booked.completion_tokens - count.completion
        wrong = {"TPD": prompt + answer, "ITPM": prompt, "OTPM": answer}
        # Its headers have told the prompt, but not what of it was cached.
        for name, amount in (wrong | {"TPM": answer + count.cached}).items():
            limits.misjudge(name, amount, now)

    def told(self, model, name, *, by_refusal=False):
        """The headers or a refusal have told of a limit: the stand-in knows that itself."""


class AtSimulator:
    """Our simulator by its public door: what others used untold, and estimates, are bounded."""

    def __init__(self, clock, timing):
        self.clock = clock
        self.server = BackgroundSimulator(
            load_catalog(), Behaviour(rate=None, header_timing=timing), clock=clock
        )
        self.untold = defaultdict(lambda: [0, 0])

    async def __aenter__(self):
        await asyncio.to_thread(self.server.start)
        self.url, self.simulator = self.server.url, self.server.simulator
        return self

    async def __aexit__(self, *_):
        await asyncio.to_thread(self.server.close)

    def bounds(self, model):
        bounds = {}
        for kind, left in self.simulator.state(model).items():
            less, more = self.untold[model, str(kind)]
            bounds[str(kind)] = (max(0, left - less), left + more)
        return bounds

    async def count(self, request_id):
        answer = await eventually(lambda: self.simulator.answer(request_id))
        usage = answer.usage
        return Count(
            answer.model, usage.prompt_tokens, 0.0, usage.cached_tokens, usage.completion_tokens,
            usage.reasoning_tokens,
        )  # fmt: skip

    async def others(self, model, tokens):
        for name in MODELS[model]:
            amount = {"ITPM": tokens // 2, "OTPM": tokens - tokens // 2}.get(name, tokens)
            self.spend(model, name, 1 if name.startswith("R") else amount)

    def spend(self, model, name, amount):
        self.simulator.spend(model, LimitKind(name), amount)
        self.untold[model, name][1] += amount

    def script(self, kind, chance):
        if kind == "stopped":
            self.enough = 30  # words, of the tokens that come before it
            self.simulator.arm("stall=40*1")
        elif kind == "odd":
            faults = ["ends_filtered*1", "ends_in_a_call*1", "ends_oddly*1", "only_reasons*1"]
            self.simulator.arm(chance.choice(faults))

    def time_passes(self, seconds):
        """Its own thread may have ended the answer already: its clock stands still meanwhile."""

    def stopped(self, model, booked, count):
        off = abs(booked.prompt_tokens - count.prompt) + count.cached
        off += abs(booked.completion_tokens - count.completion)
        for name in MODELS[model]:
            if not name.startswith("R"):
                self.untold[model, name] = [side + off for side in self.untold[model, name]]

    def told(self, model, name, *, by_refusal=False):
        """The headers or a refusal have told of a limit; the latter tells used units rounded up."""
        self.untold[model, name] = [int(by_refusal), 0]
