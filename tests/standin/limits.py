"""The limits of an organisation, as Groq's documentation and its recorded answers tell of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

FREE = {"RPM": 30, "RPD": 1_000, "TPM": 8_000, "TPD": 200_000}
MODELS = {
    "openai/gpt-oss-120b": FREE,
    "openai/gpt-oss-20b": FREE,
    "qwen/qwen3.8-27b": FREE | {"ITPM": 7_000, "OTPM": 1_000},
}
TOLD_BY_HEADERS = {"RPD": "requests", "TPM": "tokens"}
WORDS = {
    "RPM": "requests per minute",
    "RPD": "requests per day",
    "TPM": "tokens per minute",
    "TPD": "tokens per day",
    "ITPM": "input tokens per minute",
    "OTPM": "output tokens per minute",
}
_TINY = 1e-6


@dataclass
class Level:
    """What of one limit is used; it drains steadily, all of it in one window."""

    name: str
    limit: int
    used: float = 0.0
    at: float = 0.0

    @property
    def window(self):
        return 86_400 if self.name.endswith("D") else 60

    def now(self, time):
        self.used = max(0.0, self.used - max(0.0, time - self.at) * self.limit / self.window)
        self.at = time
        return self.used

    def take(self, amount, time):
        self.used = max(0.0, self.now(time) + amount)

    def left(self, time):
        return max(0, math.floor(self.limit - self.now(time) + _TINY))

    def full_in(self, time):
        return self.now(time) * self.window / self.limit


class RefusedError(Exception):
    """A request that does not fit; ``used`` and ``wait`` are None where no wait helps."""

    def __init__(self, level, requested, used=None):
        super().__init__(level.name)
        self.name, self.limit = level.name, level.limit
        self.requested, self.used = requested, used
        # Groq's waits are those of whole tokens: 199,680 + 857 of 200,000 wait 231.984 s.
        excess = None if used is None else used + requested - level.limit
        self.wait = None if excess is None else excess * level.window / level.limit


class Limits:
    """One model's limits: what is true, and the most that anybody can know who asks.

    A client sees its own requests, the headers and the refusals. What others use of a limit that
    no header tells is known to nobody before a refusal names it.

    Args:
        table: The limits by their names.
        has_reservation: Whether headers count what an answer under way may still take.
    """

    def __init__(self, table, *, has_reservation):
        self.true = {name: Level(name, limit) for name, limit in table.items()}
        self.knowable = {name: Level(name, limit) for name, limit in table.items()}
        self._apart = None if has_reservation else 0

    def admit(self, prompt, longest, time):
        needs = _amounts(prompt, longest)
        for name, level in self.true.items():
            if needs[name] > level.limit:
                raise RefusedError(level, needs[name])
        short = [
            level
            for name, level in self.true.items()
            if level.now(time) + needs[name] + self._held(name) > level.limit + _TINY
        ]
        if short:
            worst = max(short, key=lambda level: self._refused(level, needs, time).wait)
            refusal = self._refused(worst, needs, time)
            self.knowable[worst.name].take(refusal.used - self.knowable[worst.name].now(time), time)
            raise refusal
        self._take(needs, time)
        if self._apart is not None:
            self._take({"TPM": -longest}, time)
            self._apart += longest

    def _refused(self, level, needs, time):
        used = math.ceil(level.now(time) + self._held(level.name) - _TINY)
        return RefusedError(level, needs[level.name], used)

    def _held(self, name):
        return (self._apart or 0) if name == "TPM" else 0

    def settle(self, longest, cached, completion, time):
        """An answer is over: what it really used takes the place of what was reserved."""
        back = _amounts(-cached, completion - longest) | {"RPM": 0, "RPD": 0}
        if self._apart is not None:
            self._apart -= longest
            back["TPM"] += longest
        self._take(back, time)

    def others(self, prompt, completion, time):
        """Another client of the organisation has asked something."""
        for name, amount in _amounts(prompt, completion).items():
            self.spend(name, amount, time)

    def spend(self, name, amount, time):
        """So much of one limit is used by others."""
        if name in self.true:
            self.true[name].take(amount, time)

    def misjudge(self, name, amount, time):
        """A client believes of a stopped answer that so much more of a limit was used than was."""
        if name in self.knowable:
            self.knowable[name].take(amount, time)

    def headers(self, time):
        """What every answer to a chat request tells; from now on it is known."""
        told = {}
        for name, kind in TOLD_BY_HEADERS.items():
            level = self.true[name]
            self.knowable[name].take(level.now(time) - self.knowable[name].now(time), time)
            told[f"x-ratelimit-limit-{kind}"] = str(level.limit)
            told[f"x-ratelimit-remaining-{kind}"] = str(level.left(time))
            told[f"x-ratelimit-reset-{kind}"] = duration(level.full_in(time), digits=3)
        return told

    def _take(self, amounts, time):
        for name, amount in amounts.items():
            if name in self.true:
                self.true[name].take(amount, time)
                self.knowable[name].take(amount, time)


def _amounts(prompt, completion):
    both = prompt + completion
    return {
        "RPM": 1, "RPD": 1, "TPM": both, "TPD": both, "ITPM": prompt, "OTPM": completion,
    }  # fmt: skip


def duration(seconds, *, digits=9):
    """As Go writes it, cut off (never rounded) behind so many digits: 1m26.4s, 585ms, 0s."""
    parts = int(seconds * 10**digits + 1e-3)
    whole, rest = divmod(parts, 10**digits)
    if not whole and rest:
        return f"{rest / 10 ** (digits - 3):.6f}".rstrip("0").rstrip(".") + "ms"
    fraction = f"{rest:0{digits}d}".rstrip("0")
    hours, minutes, last = whole // 3600, whole // 60 % 60, whole % 60
    head = f"{hours}h" if hours else ""
    head += f"{minutes}m" if hours or minutes else ""
    return f"{head}{last}{'.' + fraction if fraction else ''}s"
