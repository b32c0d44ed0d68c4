"""The results of a comparison: answers and a table, a Markdown document, or JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.cli.answers import timing_document
from groqchat.cli.failures import error_document
from groqchat.cli.output import BOLD, say, table, write
from groqchat.domain.compare.compare import MEASURES, NO_FIGURES, Figures, figures_of, of_rounds
from groqchat.domain.compare.rules import variant_name
from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.images.image import shown_prompt
from groqchat.domain.money.pricing import usd_string
from groqchat.domain.money.usage import usage_document
from groqchat.domain.structured.validation import parsed
from groqchat.domain.text.fences import framed
from groqchat.domain.text.humanize import BEST
from groqchat.domain.text.redact import without_keys
from groqchat.domain.tools.records import steps_as_json
from groqchat.domain.turns.answer_form import asked_form
from groqchat.domain.turns.chat import State
from groqchat.domain.turns.finish_reasons import ending

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message


@dataclass(frozen=True, slots=True)
class Result:
    """The result of one model: a whole answer, or an error, or neither where the user stopped it.

    ``partial`` is the text of an answer without an end. ``is_estimated`` says that the tokens of a
    whole answer are our own count; those of a partial one always are. ``variant`` are the
    parameters of a variant, as they were written. ``mismatch`` is the error of an answer that is
    not in the form that was asked for. ``rounds`` are the answers before this one that called
    tools; times, tokens and cost are those of all together.
    """

    model: str
    answer: Message | None = None
    error: GroqchatError | None = None
    partial: Message | None = None
    is_estimated: bool = False
    variant: str = ""
    mismatch: GroqchatError | None = None
    rounds: tuple[Message, ...] = ()

    @property
    def name(self) -> str:
        """The model, with the parameters of its variant as they were written."""
        return variant_name(self.model, self.variant)

    @property
    def figures(self) -> Figures:
        """The figures of the answer; only a whole one is compared with others."""
        return self.so_far if self.answer else NO_FIGURES

    @property
    def so_far(self) -> Figures:
        """The figures of the answer, or of the part of it that there is."""
        said = [*self.rounds, *filter(None, [self.answer or self.partial])]
        return of_rounds([figures_of(each) for each in said]) if said else NO_FIGURES

    @property
    def text(self) -> str:
        """The text of the answer so far."""
        said = self.answer or self.partial
        return said.content.rstrip() if said else ""

    @property
    def ending(self) -> str:
        """The reason why the answer is not whole, in words; empty where it is whole."""
        if self.answer is not None:
            how = ending(self.answer)
            if not how and self.mismatch is not None:
                how = f"does not fit the schema: {self.mismatch.facts.detail}"
            return f"[{how[0].upper()}{how[1:]}]" if how else ""
        mark = self._mark
        if self.error is None:
            return mark
        said = f"{self.error.title}. {self.error.command_suggestion}"
        return f"{mark} {said}" if self.text else said

    @property
    def _mark(self) -> str:
        if self.error is not None and self.error.kind is ErrorKind.NO_ANSWER:
            return "[No answer]"
        how = "Stopped" if self.error is None else "Broken off"
        return f"[{how}{' here' if self.text else ' before it began'}]"


def print_answers(results: Sequence[Result]) -> None:
    """Print the answers, and the table below them."""
    for result in results:
        say(result.name, BOLD)
        write("\n\n".join(filter(None, (result.text, result.ending))))
        write("\n\n")
    head, rows = _figures(results)
    table([head[0], *(f"{name}>" for name in head[1:])], rows)


def _figures(results: Sequence[Result]) -> tuple[list[str], list[list[str]]]:
    """Head and rows of the table, a model a column; the best of each row is marked."""
    columns = [result.figures for result in results]
    rows = []
    for measure in MEASURES:
        best = measure.best(columns)
        cells = [
            f"{BEST} " * (place in best) + measure.text(result.so_far)
            if result.answer or result.partial
            else "–"
            for place, result in enumerate(results)
        ]
        rows.append([measure.label, *cells])
    return ["", *(without_keys(result.name) for result in results)], rows


def markdown(prompt: str, results: Sequence[Result]) -> str:
    """A Markdown document: the prompt, the table, and each answer under its heading."""
    head, rows = _figures(results)
    aligned = ["---", *["---:"] * (len(head) - 1)]
    lines = [f"| {' | '.join(cells)} |" for cells in (head, aligned, *rows)]
    asked = without_keys(shown_prompt(prompt))
    quoted = "\n".join(f"> {line}".rstrip() for line in asked.splitlines())
    models = {result.name for result in results}
    answers = ["\n\n".join(_pieces(result, models)) for result in results]
    return "\n\n".join(["# Comparison", quoted, "\n".join(lines), *answers])


def _pieces(result: Result, models: set[str]) -> Iterator[str]:
    """The heading of a model, its answer, and the reason why it is not whole."""
    heading = f"## {without_keys(result.name)}"
    return filter(None, (heading, framed(result.text, models), result.ending))


def results_document(results: Sequence[Result], *, are_kept: bool = True) -> dict[str, object]:
    """The results as JSON; without ids of sessions that are not saved."""
    return {"results": [_document(result, is_kept=are_kept) for result in results]}


def _document(result: Result, *, is_kept: bool) -> dict[str, object]:
    said = result.answer or result.partial
    if said is None:
        empty = dict.fromkeys(("usage", "cost_usd", "timing"))
        return {**_asked(result), **_end(result), **empty}
    is_estimated = result.is_estimated or result.answer is None
    return {
        **_asked(result),
        **_end(result),
        "reasoning": said.reasoning or None,
        "finish_reason": said.finish_reason,
        "session_id": said.session_id if is_kept else None,
        "message_id": said.id if is_kept else None,
        "request_id": said.request_id,
        "usage": said.usage and usage_document(said.usage, is_estimated=is_estimated),
        "cost_usd": usd_string(said.cost.total) if said.cost else None,
        **({"executed": steps_as_json(said.executed)} if said.executed else {}),
        **_turn(result),
        "timing": timing_document(said),
    }


def _turn(result: Result) -> dict[str, object]:
    """The cost of all requests of a turn in which tools were called; else nothing."""
    cost = result.so_far.cost
    return {"turn_cost_usd": usd_string(cost) if cost else None} if result.rounds else {}


def _asked(result: Result) -> dict[str, object]:
    return {"model": result.model, "variant": result.variant or None, "run": 1}


def _end(result: Result) -> dict[str, object]:
    """The answer, or the error and the text that had arrived, named as in the error itself."""
    if result.answer is not None:
        complete = result.answer.state is State.COMPLETE
        said = {"answer": result.answer.content, "complete": complete}
        return said | _form(result.answer, result.mismatch)
    why = error_document(result.error) if result.error else {"stopped": True}
    return why | ({"partial": result.partial.content} if result.partial else {})


def _form(answer: Message, mismatch: GroqchatError | None) -> dict[str, object]:
    """The value of an answer that was asked for in JSON, or why it is none; else nothing."""
    if mismatch is not None:
        return error_document(mismatch)
    return {"parsed": parsed(answer.content)} if asked_form(answer.asked_with) else {}
