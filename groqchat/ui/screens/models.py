"""Chooses the model: prices, context, speed, abilities, and what is left of it today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Input, Static

from groqchat.domain.catalog import Kind, Status
from groqchat.domain.humanize import UNKNOWN, count, exact_money
from groqchat.ui.screens.picker import Picker
from groqchat.ui.text import line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.events import Resize
    from textual.widget import Widget

    from groqchat.domain.catalog import Model

LONGEST_ID = 60
# The columns after the name in the order in which they give way to it: heading and width.
_COLUMNS = (("in / out per M", 16), ("left today", 24), ("context", 9), ("speed", 13))
_NARROWEST_NAME = 34
_MARK = "● "


class ModelPicker(Picker[str]):
    """The chosen model's id, or None. A retired one sends on to its replacement.

    Args:
        models: All that are known; those that cannot chat are left out.
        current: The id of the present one.
        left: What a model still allows today, in a few words; empty when nobody told.
    """

    DEFAULT_CSS = """
    ModelPicker > #frame { max-width: 116; }
    ModelPicker #header { height: 1; margin-top: 1; padding: 0 1; color: $text-muted; }
    ModelPicker #rows { margin-top: 0; }
    ModelPicker.-narrow #header, ModelPicker.-short #header { display: none; }
    """
    heading = "Models"
    asks = "Name, ability or status: vision, preview …"
    nothing = "No model matches."

    def __init__(self, models: Sequence[Model], current: str, left: Callable[[str], str]) -> None:
        super().__init__()
        chatting = [model for model in models if model.kind in {Kind.CHAT, Kind.GUARD}]
        chatting.sort(key=_rank)
        self._models = {model.id: model for model in chatting}
        self._current = current
        self._left = left
        self._gone: Model | None = None
        self._heir_id = ""

    def content(self) -> Iterable[Widget]:
        """The names of the columns stand over the rows."""
        self._header = Static(id="header", markup=False)
        line_, *rest = super().content()
        return (line_, self._header, *rest)

    def on_resize(self, event: Resize) -> None:
        """The columns follow the width."""
        self.call_after_refresh(self.show_anew)

    def narrow(self, query: str) -> None:
        """Every word must be part of the name, an ability or the status."""
        words = query.lower().split()
        found = [m for m in self._models.values() if all(word in _haystack(m) for word in words)]
        self._show(found, found[0].id if query and found else self._current)

    def is_marked(self, model_id: str) -> bool:
        """Whether a model has the mark before its name: the present one."""
        return model_id == self._current

    def show_anew(self) -> None:
        """Write the rows again."""
        self._show([self._models[value] for _, value in self._rows], self.highlighted)

    def _show(self, models: Sequence[Model], highlighted: str | None) -> None:
        width = self.row_width
        headings = [heading for heading, _ in _COLUMNS]
        self._header.update(_with_columns(Content(), headings, width))
        rows = [(self._row(model, width), model.id) for model in models]
        ids = [model.id for model in models]
        self.show_rows(rows, ids.index(highlighted) if highlighted in ids else 0)

    def choose(self, value: str) -> None:
        """Take a model; of one that cannot be used, go to what has taken its place."""
        model = self._models[value]
        if model.is_usable:
            self.finish(value)
            return
        heir = self._heir(model)
        if heir is not None:
            self._gone, self._heir_id = model, heir.id
            with self.prevent(Input.Changed):
                self.line.value = ""
            self._show(list(self._models.values()), heir.id)

    def _heir(self, model: Model) -> Model | None:
        """The first usable model along the named replacements, else the first of all."""
        seen = {model.id}
        name = model.replacement
        while name is not None and name not in seen and name in self._models:
            seen.add(name)
            if self._models[name].is_usable:
                return self._models[name]
            name = self._models[name].replacement
        return next((other for other in self._models.values() if other.is_usable), None)

    # -- words --------------------------------------------------------------------------------

    def _row(self, model: Model, width: int) -> Content:
        mark = _MARK if self.is_marked(model.id) else " " * len(_MARK)
        name = mark + line(model.id, LONGEST_ID)
        if not model.is_usable:
            return Content.styled(f"{name}  {_absence(model)}", "$text-muted")
        badge = "" if model.status is Status.PRODUCTION else f" {model.status}"
        cells = (_price(model), line(self._left(model.id), 24), _context(model), _speed(model))
        row = Content.assemble((name, "bold"), (badge, "$text-warning"))
        return _with_columns(row, cells, width)

    def describe(self, value: str) -> Content:
        """All about the highlighted model that the row has no room for."""
        model = self._models[value]
        facts = " · ".join(_facts(model, line(self._left(model.id), 60)))
        parts = [Content.styled(line(model.id, LONGEST_ID), "bold $foreground"), Content(facts)]
        if model.note:
            parts.append(Content(line(model.note, 200)))
        if self._gone is not None and value == self._heir_id:
            gone = line(self._gone.id, LONGEST_ID)
            words = f"{gone}: {_absence(self._gone)}. Enter takes this one instead."
            parts.insert(0, Content.styled(words, "$text-warning"))
        return Content("\n").join(parts)


def _with_columns(row: Content, cells: Sequence[str], width: int) -> Content:
    """The row with as many columns as leave the name its room."""
    room = width
    shown: list[Content] = []
    for cell, (_, cell_width) in zip(cells, _COLUMNS, strict=True):
        if room - cell_width < _NARROWEST_NAME:
            break
        room -= cell_width
        shown.append(Content.styled(cell.rjust(cell_width)[:cell_width], "$text-muted"))
    name = row.truncate(room, ellipsis=True)
    return Content("").join([name.pad_right(room - name.cell_length), *shown])


def _rank(model: Model) -> tuple[bool, bool, int]:
    """What can be used comes first, guards after those one talks to, products before previews."""
    return not model.is_usable, model.kind is Kind.GUARD, list(Status).index(model.status)


def _haystack(model: Model) -> str:
    return " ".join((model.id, model.status, model.kind, *model.abilities)).lower()


def _absence(model: Model) -> str:
    """Why a model cannot be used."""
    if model.is_retired:
        when = f"retired {model.retired_on}" if model.retired_on else "retired"
        return f"{when} → {line(model.replacement, LONGEST_ID)}" if model.replacement else when
    return "for enterprises only" if model.enterprise_only else "not in your account's list"


def _price(model: Model) -> str:
    price = model.price
    if price is None or price.input is None or price.output is None:
        return "unknown"
    return f"{exact_money(price.input)} / {exact_money(price.output)}"


def _context(model: Model) -> str:
    if model.context_window is None or model.context_window < 1000:
        return count(model.context_window)
    return f"{model.context_window // 1000:,}K"


def _speed(model: Model) -> str:
    return f"{model.speed_tps:,} tok/s" if model.speed_tps else ""


def _facts(model: Model, left: str) -> list[str]:
    """What is known, in the order in which it matters; of a usable model also what is not."""
    price = model.price
    cached = price.cached_input if price else None
    known = [
        str(model.status) if model.is_usable else _absence(model),
        f"price {_price(model)} in / out per million tokens",
        f"cached {exact_money(cached)}" if cached is not None else "",
        f"context {count(model.context_window)}",
        f"answer up to {count(model.max_completion_tokens)}",
        f"{_speed(model)} listed" if model.speed_tps else "",
        ", ".join(line(ability, 30) for ability in model.abilities),
        f"left today: {left}" if left else "",
        f"price from {line(price.source, 60)} {price.as_of}".rstrip() if price else "",
    ]
    return [fact for fact in known if fact and (model.is_usable or UNKNOWN not in fact)]
