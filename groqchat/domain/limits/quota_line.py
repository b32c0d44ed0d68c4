"""A line of text with a model's limits in it, for the status lines of tmux, starship and others.

The fields of a format are written as Python's ``str.format`` has them: ``{model}``,
``{TPM.remaining}``, and with a format of numbers ``{TPM.remaining:,}``.
"""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.text.humanize import countdown

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from groqchat.domain.limits.quota import Level, QuotaView

UNKNOWN = "?"
Figure = int | float | str | None


def _used(level: Level) -> int | None:
    if level.limit is None or level.remaining is None:
        return None
    return level.limit - level.remaining


def _percent(level: Level) -> int | None:
    """The whole percent that is left, rounded down: 1 of 1,000 left is 0 %."""
    if not level.limit or level.remaining is None:
        return None
    return 100 * level.remaining // level.limit


def _countdown(level: Level) -> str | None:
    return None if level.resets_in_s is None else countdown(level.resets_in_s)


_OF_A_BUCKET: dict[str, Callable[[Level], Figure]] = {
    "remaining": lambda level: level.remaining,
    "limit": lambda level: level.limit,
    "used": _used,
    "percent": _percent,
    "resets_in": _countdown,
    "resets_in_s": lambda level: level.resets_in_s,
    "source": lambda level: level.source,
}
_OF_THE_MODEL: dict[str, Callable[[QuotaView], Figure]] = {
    "model": lambda view: view.model,
    "plan": lambda view: view.plan,
    "turns": lambda view: view.turns_left,
    "binding": lambda view: view.binding,
}
FIELDS = (
    f"{', '.join(_OF_THE_MODEL)}, cost_today, cost_month, and of a bucket such as TPM: "
    f"{', '.join(f'TPM.{name}' for name in _OF_A_BUCKET)}"
)


class QuotaLine:
    """A format whose fields are those of a model's quota.

    Args:
        form: The format, such as ``{model} {TPM.remaining:,}/{TPM.limit:,}``.
        others: The names of further fields, whose figures :meth:`filled` is given.

    Raises:
        ValueError: The format has an unknown field or a format that fits no number; the message is
            a sentence without its end.
    """

    def __init__(self, form: str, others: tuple[str, ...] = ()) -> None:
        try:
            self._parts = tuple(Formatter().parse(form))
        except ValueError as error:
            problem = f"{form!r} cannot be read: {error}; a brace itself is written twice"
            raise ValueError(problem) from None
        self._others = others
        for _, name, spec, conversion in self._parts:
            if name is not None:
                self._check(name, spec or "", conversion)

    @property
    def names(self) -> frozenset[str]:
        """The names of all fields in the format."""
        return frozenset(name for _, name, _, _ in self._parts if name is not None)

    def filled(self, view: QuotaView, others: Mapping[str, str] | None = None) -> str:
        """The line for a quota; what nobody told is "?"."""
        return "".join(
            text + ("" if name is None else self._shown(view, name, spec or "", others or {}))
            for text, name, spec, _ in self._parts
        )

    def _check(self, name: str, spec: str, conversion: str | None) -> None:
        bucket, _, field = name.partition(".")
        is_known = (
            (bucket in LimitKind.__members__ and field in _OF_A_BUCKET)
            or name in _OF_THE_MODEL
            or name in self._others
        )
        if not is_known or conversion:
            asked = f"{name}!{conversion}" if conversion else name
            raise ValueError(f"there is no field {{{asked}}}; there are {FIELDS}")
        try:
            # Words take what numbers take, but for what only numbers have.
            format(1, spec)
        except ValueError:
            raise ValueError(
                f"{{{name}:{spec}}} is no format of a number, such as {{{name}:,}}"
            ) from None

    def _shown(self, view: QuotaView, name: str, spec: str, others: Mapping[str, str]) -> str:
        figure = others[name] if name in self._others else _figure(view, name)
        if figure is None:
            return UNKNOWN
        return str(figure) if isinstance(figure, str) else format(figure, spec)


def _figure(view: QuotaView, name: str) -> Figure:
    if name in _OF_THE_MODEL:
        return _OF_THE_MODEL[name](view)
    bucket, _, field = name.partition(".")
    level = view.level(LimitKind[bucket])
    return None if level is None else _OF_A_BUCKET[field](level)
