"""An organisation whose limits are the simulator's, without HTTP between it and the services."""

from __future__ import annotations

import json

from groqchat.domain.errors.diagnosis import diagnose
from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.limits.rate_headers import read_headers
from groqchat.domain.money.usage import Usage
from groqchat.domain.turns.chat import Accepted, Delta, Finished
from groqchat.simulator.faults import refusals
from groqchat.simulator.limits import Limits, OverLimitError, amounts_reserved, amounts_used
from groqchat.simulator.tokens import tokenize_prompt
from tests.services.desk import CATALOG, MODEL


class Organization:
    """The limits that all its clients share."""

    def __init__(self, clock, plan="free"):
        self.clock = clock
        self.limits = Limits({MODEL: CATALOG.get(MODEL).limits[plan]})
        self.refused = []

    @property
    def left(self):
        """The true state."""
        return self.limits.remaining(MODEL, self.clock.now())


def template_and_words(messages):
    """The tokens of a prompt, as the simulator counts them."""
    spoken = [{"role": each.role.value, "content": each.content} for each in messages]
    return len(tokenize_prompt(spoken, MODEL))


class Client:
    """One provider of an organisation; each answer is as long as the next of ``lengths``.

    Headers come ``latency`` seconds after a request was sent and have counted of it what
    ``timing`` says. The answer streams at ``rate`` tokens per second. The tokens of a prompt are
    what ``counts`` says.
    """

    def __init__(
        self,
        organization,
        lengths,
        *,
        latency=0.2,
        rate=400.0,
        cached=lambda tokens: 0,
        timing=HeaderTiming.RESERVED,
        counts=template_and_words,
    ):
        self.organization = organization
        self.lengths = iter(lengths)
        self.latency = latency
        self.rate = rate
        self.cached = cached
        self.timing = timing
        self.counts = counts

    async def stream(self, request):
        clock, limits = self.organization.clock, self.organization.limits
        prompt, most = self.counts(request.messages), request.options.max_tokens
        clock.advance(self.latency)
        try:
            reserved = limits.admit(MODEL, amounts_reserved(prompt, most), clock.now())
        except OverLimitError as refusal:
            raise self._refused(refusal) from None
        length = min(next(self.lengths), most or 10**9)
        usage = Usage(prompt, self.cached(prompt), length)
        if self.timing is not HeaderTiming.RESERVED:
            told = {
                HeaderTiming.NOTHING: Usage(),
                HeaderTiming.PROMPT: Usage(prompt),
                HeaderTiming.USED: usage,
            }[self.timing]
            reserved = limits.settle(reserved, amounts_used(told), clock.now())
        yield Accepted("req", read_headers(limits.headers(MODEL, clock.now()), clock.now()))
        clock.advance(length / self.rate)
        yield Delta("word " * length)
        limits.settle(reserved, amounts_used(usage), clock.now())
        yield Finished("stop", usage, "on_demand", "req")

    def _refused(self, refusal):
        self.organization.refused.append(refusal)
        clock = self.organization.clock
        reply = refusals.over_limit(MODEL, refusal)
        headers = self.organization.limits.headers(MODEL, clock.now()) | dict(reply.headers)
        error = diagnose(reply.status, json.loads(reply.body), headers, model=MODEL)
        return error.with_facts(reading=read_headers(headers, clock.now()))
