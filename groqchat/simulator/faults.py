"""The faults by name, how they are asked for, and which of them strike the next request."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass

from groqchat.simulator.fault_replies import REPLY_FAULTS, ReplyFault
from groqchat.simulator.odd_answers import ODD_ANSWERS, OddAnswer
from groqchat.simulator.stream_faults import STREAM_FAULTS, StreamFault

# Where a fault may strike; `@any` is all of them.
ENDPOINTS = ("chat", "models", "audio", "files", "batches", "any")
TOKENS_BEFORE = 12


@dataclass(frozen=True, slots=True)
class ManualFault:
    """A fault of timing or of form that the chat route itself carries out."""

    name: str
    summary: str
    value: str = ""
    default: float = 0.0


MANUAL_FAULTS = (
    ManualFault("slow_first_byte", "nothing at all, not even headers, for a while", "seconds", 5),
    ManualFault("slow_first_token", "headers at once, then no token for a while", "seconds", 5),
    ManualFault("hold_open", "the connection stays open after [DONE]", "seconds", 3600),
    ManualFault("split_utf8", "the rest comes in pieces of 3 bytes, through characters"),
    ManualFault("json_200", "200 with a whole JSON answer where a stream was asked for"),
    ManualFault("html_200", "200 with an HTML page of some proxy"),
)

Fault = ReplyFault | StreamFault | OddAnswer | ManualFault
FAULTS: dict[str, Fault] = {
    fault.name: fault for fault in (*REPLY_FAULTS, *STREAM_FAULTS, *ODD_ANSWERS, *MANUAL_FAULTS)
}

_SPEC = re.compile(
    r"(?P<name>[a-z0-9_]+)(?:=(?P<value>\d+(?:\.\d+)?))?(?:\*(?P<times>\d+))?(?:@(?P<endpoint>\w+))?"
)
# Between backticks it is talked about: an answer that names a fault may be quoted in a prompt.
_IN_PROMPT = re.compile(r"(?<!`)\bsimulate:\s*([a-z0-9_]+(?:=\d+(?:\.\d+)?)?(?:\*\d+)?)")


@dataclass(frozen=True, slots=True)
class Strike:
    """A fault that strikes one request; ``value`` is in seconds, or tokens before it strikes."""

    fault: Fault
    value: float


@dataclass(slots=True)
class _Armed:
    strike: Strike
    endpoint: str
    left: int | None


def parse(spec: str) -> _Armed:
    """Read ``NAME[=VALUE][*TIMES][@ENDPOINT]``.

    Raises:
        ValueError: With a sentence that says what is wrong and what may have been meant.
    """
    match = _SPEC.fullmatch(spec.strip())
    if match is None:
        message = f"a fault is written NAME[=VALUE][*TIMES][@ENDPOINT], not {spec!r}"
        raise ValueError(message)
    endpoint = match["endpoint"] or "chat"
    if endpoint not in ENDPOINTS:
        message = f"no endpoint {endpoint!r}; there are {', '.join(ENDPOINTS)}"
        raise ValueError(message)
    strike = _strike(match["name"], match["value"])
    return _Armed(strike, endpoint, int(match["times"]) if match["times"] else None)


def _strike(name: str, value: str | None) -> Strike:
    fault = FAULTS.get(name)
    if fault is None:
        near = difflib.get_close_matches(name, FAULTS, 1)
        hint = f"; the nearest is {near[0]!r}" if near else "; `--fault help` lists them"
        message = f"no fault {name!r}{hint}"
        raise ValueError(message)
    default = TOKENS_BEFORE if isinstance(fault, StreamFault) else fault.default
    return Strike(fault, float(value) if value else default)


class Faults:
    """The armed faults of a simulator.

    Args:
        specs: Faults from the start.

    Raises:
        ValueError: For a spec that is none.
    """

    def __init__(self, specs: tuple[str, ...] = ()) -> None:
        self._armed = [parse(spec) for spec in specs]
        self._struck_prompts: Counter[str] = Counter()

    def arm(self, spec: str) -> None:
        """Add a fault."""
        self._armed.append(parse(spec))

    def clear(self) -> None:
        """Disarm all."""
        self._armed.clear()

    def describe(self) -> list[str]:
        """The armed faults, as they would be written."""
        return [
            f"{armed.strike.fault.name}={armed.strike.value:g}"
            + (f"*{armed.left}" if armed.left is not None else "")
            + f"@{armed.endpoint}"
            for armed in self._armed
        ]

    def take(self, endpoint: str, prompt: str = "") -> list[Strike]:
        """The faults that strike this request; each one's count goes down.

        Args:
            endpoint: One of :data:`ENDPOINTS`.
            prompt: The user's last message, which may itself ask: ``simulate: cut*2``
                strikes the first two times that very message is sent.
        """
        struck = [armed for armed in self._armed if armed.endpoint in {endpoint, "any"}]
        for armed in struck:
            if armed.left is not None:
                armed.left -= 1
        self._armed = [armed for armed in self._armed if armed.left != 0]
        return [armed.strike for armed in struck] + self._asked_for(prompt)

    def _asked_for(self, prompt: str) -> list[Strike]:
        specs = _IN_PROMPT.findall(prompt)
        if not specs:
            return []
        self._struck_prompts[prompt] += 1
        strikes = []
        for spec in specs:
            try:
                armed = parse(spec)
            except ValueError:
                continue  # A prompt may well talk about simulating something else.
            if armed.left is None or self._struck_prompts[prompt] <= armed.left:
                strikes.append(armed.strike)
        return strikes


def fault_table() -> str:
    """All faults, one line each: name, what it does, and what its value means."""
    return "\n".join(
        f"  {fault.name:20} {fault.summary}{_value(fault)}" for fault in FAULTS.values()
    )


def _value(fault: Fault) -> str:
    if isinstance(fault, StreamFault):
        return f" (after {TOKENS_BEFORE} tokens)"
    return f" ({fault.default:g} {fault.value})" if fault.value else ""
