"""The faults by name, the parser of their specs, and the set of armed faults."""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass

from groqchat.simulator.faults.answer_faults import ANSWER_FAULTS, AnswerFault
from groqchat.simulator.faults.reply_faults import REPLY_FAULTS, ReplyFault
from groqchat.simulator.faults.stream_faults import STREAM_FAULTS, StreamFault

# The endpoints at which a fault may be injected; `@any` is all of them.
ENDPOINTS = ("chat", "models", "audio", "files", "batches", "any")
TOKENS_BEFORE = 12


@dataclass(frozen=True, slots=True)
class ManualFault:
    """A fault of timing, form or single lines that a route carries out itself."""

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
    ManualFault("batch_failed", "so many lines of a batch fail, @batches", "percent", 5),
    ManualFault("batch_expired", "so many lines of a batch expire, @batches", "percent", 2),
)

Fault = ReplyFault | StreamFault | AnswerFault | ManualFault
FAULTS: dict[str, Fault] = {
    fault.name: fault for fault in (*REPLY_FAULTS, *STREAM_FAULTS, *ANSWER_FAULTS, *MANUAL_FAULTS)
}

_SPEC = re.compile(
    r"(?P<name>[a-z0-9_]+)(?:=(?P<value>\d+(?:\.\d+)?))?(?:\*(?P<times>\d+))?(?:@(?P<endpoint>\w+))?"
)
# A fault between backticks is only mentioned: an answer that names one may be quoted in a prompt.
_IN_PROMPT = re.compile(r"(?<!`)\bsimulate:\s*([a-z0-9_]+(?:=\d+(?:\.\d+)?)?(?:\*\d+)?)")


@dataclass(frozen=True, slots=True)
class InjectedFault:
    """A fault for one request; ``value`` is in seconds, in percent, or in tokens sent before it."""

    fault: Fault
    value: float


@dataclass(slots=True)
class _Armed:
    injected: InjectedFault
    endpoint: str
    left: int | None


def parse(spec: str) -> _Armed:
    """Read ``NAME[=VALUE][*TIMES][@ENDPOINT]``.

    Raises:
        ValueError: The sentence names the mistake and the nearest known name.
    """
    match = _SPEC.fullmatch(spec.strip())
    if match is None:
        message = f"a fault is written NAME[=VALUE][*TIMES][@ENDPOINT], not {spec!r}"
        raise ValueError(message)
    endpoint = match["endpoint"] or "chat"
    if endpoint not in ENDPOINTS:
        message = f"no endpoint {endpoint!r}; there are {', '.join(ENDPOINTS)}"
        raise ValueError(message)
    injected = _injected(match["name"], match["value"])
    return _Armed(injected, endpoint, int(match["times"]) if match["times"] else None)


def _injected(name: str, value: str | None) -> InjectedFault:
    fault = FAULTS.get(name)
    if fault is None:
        near = difflib.get_close_matches(name, FAULTS, 1)
        hint = f"; the nearest is {near[0]!r}" if near else "; `--fault help` lists them"
        message = f"no fault {name!r}{hint}"
        raise ValueError(message)
    default = TOKENS_BEFORE if isinstance(fault, StreamFault) else fault.default
    return InjectedFault(fault, float(value) if value else default)


class Faults:
    """The armed faults of a simulator.

    Args:
        specs: Faults from the start.

    Raises:
        ValueError: A spec is invalid.
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
        """The specs of the armed faults."""
        return [
            f"{armed.injected.fault.name}={armed.injected.value:g}"
            + (f"*{armed.left}" if armed.left is not None else "")
            + f"@{armed.endpoint}"
            for armed in self._armed
        ]

    def take(self, endpoint: str, prompt: str = "") -> list[InjectedFault]:
        """The faults for a request; the remaining count of each goes down by one.

        Args:
            endpoint: One of :data:`ENDPOINTS`.
            prompt: The user's last message, which may ask for faults: ``simulate: cut*2`` injects
                one the first two times this message is sent.
        """
        injected = [armed for armed in self._armed if armed.endpoint in {endpoint, "any"}]
        for armed in injected:
            if armed.left is not None:
                armed.left -= 1
        self._armed = [armed for armed in self._armed if armed.left != 0]
        return [armed.injected for armed in injected] + self._asked_for(prompt)

    def _asked_for(self, prompt: str) -> list[InjectedFault]:
        specs = _IN_PROMPT.findall(prompt)
        if not specs:
            return []
        self._struck_prompts[prompt] += 1
        faults = []
        for spec in specs:
            try:
                armed = parse(spec)
            except ValueError:
                continue  # A prompt may well talk about simulating something else.
            if armed.left is None or self._struck_prompts[prompt] <= armed.left:
                faults.append(armed.injected)
        return faults


def fault_table() -> str:
    """A table of all faults, one per line: the name, the effect, the meaning of the value."""
    return "\n".join(
        f"  {fault.name:20} {fault.summary}{_value(fault)}" for fault in FAULTS.values()
    )


def _value(fault: Fault) -> str:
    if isinstance(fault, StreamFault):
        return f" (after {TOKENS_BEFORE} tokens)"
    return f" ({fault.default:g} {fault.value})" if fault.value else ""
