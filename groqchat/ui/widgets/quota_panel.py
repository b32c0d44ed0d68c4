"""The live quota panel: every bucket's bar, exact numbers, countdown and source."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.content import Content
from textual.message import Message

from groqchat.domain.limits.quota import Source
from groqchat.domain.text.humanize import count, countdown, counted
from groqchat.ui.terminal.motion import tick_s
from groqchat.ui.widgets.rows import Rows
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from textual.timer import Timer

    from groqchat.domain.limits.quota import Level, QuotaView, Sharing, Untimed

# Below this share of a limit the bar warns; below the second it alarms.
WARN_SHARE, ALARM_SHARE = 0.20, 0.05
DEMO_MARK = "demo: pretend, nothing is kept"

# The cells of the longest countdown of a day: ``17m 42s``.
_COUNTDOWN = 7
_NO_WINDOW = "window unknown"

_MARKS = {
    Source.HEADER: "header",
    Source.ERROR: "error",
    Source.LEDGER: "ledger",
    Source.CONFIG: "config",
    Source.CATALOGUE: "listed",
}

_WHOSE = {
    "header: your whole organisation": {Source.HEADER, Source.ERROR},
    "ledger: groqchat here alone": {Source.LEDGER},
}


class QuotaPanel(Rows):
    """Shows one model's limits, and tells once a second what has refilled.

    Whoever hears it shows it here and elsewhere, so that all of it is one frame.

    Args:
        now: The Unix time.
        is_demo: Whether all figures are pretend, which is said first.
    """

    DEFAULT_CSS = """
    QuotaPanel { height: auto; width: 1fr; }
    QuotaPanel > .quota--heading { color: $text-accent; text-style: bold; }
    QuotaPanel > .quota--label { text-style: bold; }
    QuotaPanel > .quota--dim { color: $text-muted; }
    QuotaPanel > .quota--good { color: $success; }
    QuotaPanel > .quota--warn { color: $warning; }
    QuotaPanel > .quota--alarm { color: $error; }
    QuotaPanel > .quota--reserved { color: $secondary; }
    QuotaPanel > .quota--track { color: $foreground 15%; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"quota--{name}"
        for name in ("heading", "label", "dim", "good", "warn", "alarm", "reserved", "track")
    }

    def __init__(
        self, now: Callable[[], float], *, is_demo: bool = False, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._now = now
        self._mark = DEMO_MARK if is_demo else ""
        self._view: QuotaView | None = None
        self._sound: QuotaView | None = None
        self._timer: Timer | None = None
        self._is_compact = False
        self._asked: Sequence[str] = ()
        self._system = ""

    class Refilled(Message):
        """A second has passed, and something has more room.

        It carries no view: what is shown may be newer by the time that this is handled.
        """

    def on_mount(self) -> None:
        """Create the counter, paused until there is something to count."""
        self._timer = self.set_interval(tick_s(1.0), self._tick, pause=True)

    def show(self, view: QuotaView, sound: QuotaView | None = None) -> None:
        """Show what is known now; each second a message asks for what has refilled since.

        Args:
            view: The limits of the model.
            sound: Those of the model that transcribes, whose rows are shown where it was used.
        """
        self._view, self._sound = view, sound
        if self._timer is not None:
            is_full = view.is_full and not self._sound_levels() and view.sharing is None
            (self._timer.pause if is_full else self._timer.resume)()
        self.renew()

    def show_asked(self, words: Sequence[str], system: str) -> None:
        """Show what the session is asked with beside its model, and its system prompt."""
        if (words, system) != (self._asked, self._system):
            self._asked, self._system = words, system
            self.renew()

    def set_compact(self, is_compact: bool) -> None:
        """Show each bucket in one line instead of two, for low terminals."""
        if is_compact != self._is_compact:
            self._is_compact = is_compact
            self.renew()

    def _tick(self) -> None:
        if self._view is not None:
            self.post_message(self.Refilled())

    def made_rows(self) -> list[Content]:
        """Model and plan, the buckets, what they are good for."""
        mark = [self.styled("quota--warn", self._mark)] if self._mark else []
        if self._view is None:
            limits = "Limits show after the first answer."
            return [*mark, *self._asked_with(()), self.styled("quota--dim", limits)]
        lines = [*mark, *self._heading(self._view)]
        for level in self._view.levels:
            lines.extend(self._level(level, self._view.reserved.get(level.kind, 0)))
        for untimed in self._view.untimed:
            lines.extend(self._untimed(untimed))
        lines.extend(self._sound_rows())
        lines.extend(self._reserved(self._view))
        lines.append(self._forecast(self._view))
        lines.extend(self._whose(self._view))
        if self._view.runs_out is not None:
            out = self._view.runs_out
            at = datetime.fromtimestamp(out.at).astimezone()
            said = f"at this pace {out.kind} is used up at {at:%H:%M}"
            lines.append(self.styled("quota--warn", said))
        return lines

    def _heading(self, view: QuotaView) -> tuple[Content, ...]:
        plan = f"{view.plan} plan" if view.plan else "plan unknown"
        if view.plan_inferred:
            plan += ", inferred"
        name = self.styled("quota--heading", _fitted(view.model, self.row_width))
        if self._is_compact:
            return name, *self._asked_with((plan,))
        return name, self.styled("quota--dim", plan), *self._asked_with(())

    def _asked_with(self, before: Sequence[str]) -> Iterator[Content]:
        """The options of the session, on as few rows as they take, after some other words."""
        for words in _packed([*before, *self._asked], self.row_width):
            yield self.styled("quota--dim", words)
        if self._system:
            prompt = self.styled("quota--dim", f"system: {line(self._system)}")
            yield prompt.truncate(self.row_width, ellipsis=True)

    def _level(self, level: Level, reserved: int) -> Iterator[Content]:
        """The label, the numbers and their source; then the bar and the time that is left.

        Without bars all of it is one row, if the longest figures of the limit fit there.
        """
        label = self.styled("quota--label", f"{level.kind:<5}")
        if level.remaining is None or level.limit is None:
            yield label + Content("unknown")
            return
        most = count(level.limit)
        numbers = label + Content(f"{count(level.remaining)}/{most}")
        mark = _MARKS[level.source] if level.source else ""
        left = f"{countdown(level.resets_in_s) if level.resets_in_s else '':>{_COUNTDOWN}}"
        longest = f"{label.plain}{most}/{most} {left} {mark}"
        if not self._is_compact:
            yield self._spread(numbers, mark)
            bar = self._bar(level, reserved, self.row_width - _COUNTDOWN - 1)
            yield self._spread(bar, left)
        elif len(longest) <= self.row_width:
            yield self._spread(numbers, f"{left.strip()} {mark}".strip())
        else:
            yield self._spread(numbers, mark)
            if left.strip():
                yield self._spread(Content(), left)

    def _sound_levels(self) -> list[Level]:
        """The limits on seconds of sound, if some of them was used."""
        levels = self._sound.at(self._now()).levels if self._sound else ()
        return [
            level
            for level in levels
            if level.kind.counts == "seconds"
            and level.share_left is not None
            and level.share_left < 1.0
        ]

    def _sound_rows(self) -> Iterator[Content]:
        if (levels := self._sound_levels()) and self._sound:
            yield self.styled("quota--dim", _fitted(self._sound.model, self.row_width))
            for level in levels:
                yield from self._level(level, 0)

    def _untimed(self, untimed: Untimed) -> Iterator[Content]:
        label = self.styled("quota--label", f"{untimed.counts} ")
        numbers = label + Content(f"{count(untimed.remaining)}/{count(untimed.limit)}")
        if numbers.cell_length + len(_NO_WINDOW) < self.row_width:
            yield self._spread(numbers, _NO_WINDOW)
        else:
            yield numbers
            yield self._spread(Content(), _NO_WINDOW)

    def _reserved(self, view: QuotaView) -> Iterator[Content]:
        """The tokens that count as used until the answers under way, of all sessions, end."""
        if most := reserved_in(view):
            yield self.styled("quota--reserved", f"{count(most)} reserved for answers")

    def _forecast(self, view: QuotaView) -> Content:
        if view.turns_left is None or view.binding is None:
            return self.styled("quota--dim", "shown once the server tells")
        turns = "turn" if view.turns_left == 1 else "turns"
        more = "more " if reserved_in(view) else ""  # than those that are being answered
        style = "quota--alarm" if view.turns_left == 0 and not more else "quota--label"
        return self.styled(style, f"≈ {count(view.turns_left)} {more}{turns} ({view.binding})")

    def _whose(self, view: QuotaView) -> Iterator[Content]:
        """The users that the numbers count: everybody by the server's, this one by the ledger's."""
        if view.sharing is not None:
            yield self._team(view.sharing)
            return
        sources = {level.source for level in view.levels if level.remaining is not None}
        if view.untimed:
            sources.add(Source.HEADER)
        for words, named in _WHOSE.items():
            if sources & named:
                yield self.styled("quota--dim", words)

    def _team(self, sharing: Sharing) -> Content:
        """The clients that use these limits, and whether they know of each other."""
        if sharing.away_since is not None:
            share = "own share" if sharing.has_share else "no share"
            return self.styled("quota--warn", f"{away(sharing.away_since)}: {share}")
        clients = counted(sharing.active, "client")
        return self.styled("quota--dim", f"team: {clients} within a minute")

    def _bar(self, level: Level, reserved: int, width: int) -> Content:
        """The bar of a bucket: left, reserved and used tokens."""
        share = level.share_left or 0.0
        held = max(1, round(reserved / (level.limit or 1) * width)) if reserved else 0
        held = min(held, width)
        halves = round(share * width * 2)
        # A limit that is not used up never looks it, nor a touched one untouched.
        most = (width - held) * 2 - (1 if share < 1 and not held else 0)
        halves = min(max(halves, 1 if share > 0 else 0), most)
        full, half = divmod(halves, 2)
        style = "good" if share > WARN_SHARE else "warn" if share > ALARM_SHARE else "alarm"
        filled = self.styled(f"quota--{style}", "━" * full + "╸" * half)
        held = min(held, width - full - half)
        kept = self.styled("quota--reserved", "╍" * held)
        return filled + kept + self.styled("quota--track", "─" * (width - full - half - held))

    def _spread(self, left: Content, right: str) -> Content:
        gap = max(1, self.row_width - left.cell_length - len(right))
        return left + Content(" " * gap) + self.styled("quota--dim", right)


def away(since: float) -> str:
    """What is said while the team's server is away, since a Unix time."""
    return f"team away since {datetime.fromtimestamp(since).astimezone():%H:%M}"


def reserved_in(view: QuotaView) -> int:
    """The most tokens that any limit counts for answers that are not there yet."""
    known = {level.kind for level in view.levels if level.remaining is not None}
    return max((n for kind, n in view.reserved.items() if kind in known), default=0)


def _packed(words: Iterable[str], width: int) -> Iterator[str]:
    """Some words on rows, none of them broken: ``tier flex · effort high``."""
    row = ""
    for word in words:
        longer = f"{row} · {word}" if row else word
        if row and len(longer) > width:
            yield row
            longer = word
        row = longer
    if row:
        yield row


def _fitted(text: str, width: int) -> str:
    return text if len(text) <= width else "…" + text[1 - width :]
