"""Calls of tools and steps of built-in tools, as Markdown for readers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.images.image import without_images
from groqchat.domain.text.fences import fenced
from groqchat.domain.text.humanize import count
from groqchat.domain.tools.executed import resolved
from groqchat.domain.turns.answer_form import asked_form
from groqchat.domain.turns.answered_calls import NO_RESULT
from groqchat.domain.turns.chat import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from groqchat.domain.tools.executed import ExecutedTool, Source
    from groqchat.domain.tools.tool import ToolCall
    from groqchat.domain.turns.chat import Message

# Arguments of so many characters stand beside the name of the tool.
_SHORT = 100
# So much of what a step gave is shown.
_LONGEST_OUTPUT = 2_000


def steps_of(message: Message) -> list[str]:
    """What the server's tools did for an answer, as blocks of Markdown before its text."""
    return [block for step in message.executed for block in step_blocks(step)]


def calls_of(message: Message, results: Mapping[str, int] | None = None) -> list[str]:
    """The calls that an answer asks for, as blocks of Markdown behind its text.

    Args:
        message: The answer.
        results: The number of results behind each answer, if the calls without one are to be told.
    """
    blocks: list[str] = []
    for number, call in enumerate(message.calls):
        blocks += _call(call)
        if results is not None and number >= results.get(message.id, 0):
            blocks.append(f"*{NO_RESULT}*")
    return blocks


def text_of(message: Message) -> str:
    """The text of a message, without the images of a prompt.

    In an answer marks of pages are links, and JSON that was asked for is code.
    """
    if message.role is Role.USER:
        return without_images(message.content)
    if message.content.strip() and asked_form(message.asked_with) is not None:
        return fenced(message.content.strip(), "json")
    return resolved(message.content, message.executed)


def _call(call: ToolCall) -> Iterator[str]:
    """The tool and its arguments, on one line where they are short."""
    name, arguments = _inline(call.name), call.arguments
    if len(arguments) <= _SHORT and arguments.isprintable() and "`" not in arguments:
        yield f"Called `{name}` `{arguments}`" if arguments else f"Called `{name}`"
        return
    yield f"Called `{name}` with:"
    yield fenced(arguments)


def step_blocks(step: ExecutedTool) -> Iterator[str]:
    """One step as blocks of Markdown: what was wanted, and what came of it."""
    subject, opened = step.subject, step.page
    if opened is not None and opened.is_link:
        yield f"Opened {_link(opened)}"
        return
    if step.is_code:
        yield "Ran code:"
        yield fenced(subject)
    else:
        yield f"Used `{_inline(step.name)}`: `{_inline(subject)}`"
    pages = [page for page in step.sources if page.is_link]
    if pages:
        yield "\n".join(f"* {_link(page)}" for page in pages)
    elif len(step.output) > _LONGEST_OUTPUT:
        more = count(len(step.output) - _LONGEST_OUTPUT)
        yield fenced(f"{step.output[:_LONGEST_OUTPUT]}\n[{more} more characters]")
    elif step.output:
        yield fenced(step.output)


def _link(page: Source) -> str:
    return f"[{_title(page.title or page.url)}](<{page.url}>)"


def _inline(text: str) -> str:
    return " ".join(text.replace("`", "'").split())[:200]


def _title(text: str) -> str:
    return "".join(f"\\{each}" if each in "[]\\<>`*_!" else each for each in _inline(text))
