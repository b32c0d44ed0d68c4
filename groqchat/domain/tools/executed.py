"""The steps that a server took with its built-in tools, and the marks with which answers cite them.

gpt-oss numbers the pages that it has seen from 0: each search and each opened page is one, and an
answer cites lines of them as 【2†L6-L10】 (Groq browser-search docs).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BROWSER_SEARCH = "browser_search"
CODE_INTERPRETER = "code_interpreter"
BUILT_IN = (BROWSER_SEARCH, CODE_INTERPRETER)
"""The tools that Groq runs itself, in the order in which they are sent."""

_MARK = re.compile(r"【(\d{1,3})†([^】\n]{0,60})】")
# A page begins with its number and title, and mostly with its address.
_HEAD = re.compile(r"\s*\[(\d{1,3})\] (?:(.{0,300}?) )?\((\S{1,2000})\)")
_CODE = ("python", CODE_INTERPRETER, "code")
_BROWSING = ("browser", "search", "visit")
_WEB = ("https://", "http://")
_UNSAFE = re.compile(r"[<>\s\\]")


@dataclass(frozen=True, slots=True)
class Source:
    """A page that a tool has found or read."""

    title: str
    url: str

    @property
    def is_link(self) -> bool:
        """Whether its address is one of the web that Markdown can hold as it is."""
        return self.url.startswith(_WEB) and not _UNSAFE.search(self.url)


@dataclass(frozen=True, slots=True)
class ExecutedTool:
    """One step that a server took by itself.

    ``name`` is the server's, such as ``browser.search`` or ``python``; ``arguments`` is the text
    that the model wrote, JSON or code; ``output`` what the tool gave, and ``sources`` its pages.
    """

    name: str
    arguments: str = ""
    output: str = ""
    sources: tuple[Source, ...] = ()

    @property
    def is_code(self) -> bool:
        """Whether code was run."""
        return self.name.startswith(_CODE)

    @property
    def is_browsing(self) -> bool:
        """Whether pages were looked for or read."""
        return self.name.startswith(_BROWSING)

    @property
    def page(self) -> Source | None:
        """The page that was opened, as the output names it; None where it names none."""
        head = _HEAD.match(self.output)
        return Source(head[2] or head[3], head[3]) if head and head[3].startswith(_WEB) else None

    @property
    def subject(self) -> str:
        """What was looked for, opened or run, in the model's own words."""
        fields = _object(self.arguments)
        for name in ("query", "code", "url", "id", "pattern"):
            if (value := fields.get(name)) not in (None, ""):
                return str(value)
        return "" if fields else self.arguments.strip()


def resolved(text: str, steps: Sequence[ExecutedTool]) -> str:
    """A text whose marks are Markdown links to their pages; marks of unknown pages stay.

    Args:
        text: The answer.
        steps: The steps before it, in their order.
    """
    if "【" not in text:
        return text
    pages = pages_of(steps)

    def link(mark: re.Match[str]) -> str:
        source = pages.get(int(mark[1]))
        return f"[【{mark[1]}】](<{source.url}>)" if source and source.is_link else mark[0]

    return _MARK.sub(link, text)


def pages_of(steps: Sequence[ExecutedTool]) -> Mapping[int, Source]:
    """The pages by the numbers with which an answer cites them."""
    pages: dict[int, Source] = {}
    browsed = [step for step in steps if step.is_browsing]
    for number, step in enumerate(browsed):
        head = _HEAD.match(step.output)
        at = int(head[1]) if head else number
        if (source := _page(step, browsed)) is not None:
            pages.setdefault(at, source)
    return pages


def cited(text: str, steps: Sequence[ExecutedTool]) -> list[tuple[int, Source]]:
    """The pages that a text cites, by their numbers."""
    pages = pages_of(steps)
    numbers = sorted({int(mark[1]) for mark in _MARK.finditer(text)})
    return [(number, pages[number]) for number in numbers if number in pages]


def _page(step: ExecutedTool, steps: Sequence[ExecutedTool]) -> Source | None:
    """The page that a step has shown; None where its address is not told."""
    if step.page is not None:
        return step.page
    if len(step.sources) == 1:
        return step.sources[0]
    fields = _object(step.arguments)
    wanted, cursor = fields.get("id"), fields.get("cursor")
    if isinstance(wanted, str) and wanted.startswith(_WEB):
        return Source(wanted, wanted)
    if isinstance(wanted, int) and isinstance(cursor, int) and 0 <= cursor < len(steps):
        found = steps[cursor].sources
        return found[wanted] if 0 <= wanted < len(found) else None
    return None if step.name.endswith("open") or not step.sources else step.sources[0]


def _object(text: str) -> Mapping[str, object]:
    """The JSON object in a text; empty where it is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
