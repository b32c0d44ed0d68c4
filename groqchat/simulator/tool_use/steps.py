"""The steps of Groq's built-in tools, in the shapes of its docs on them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from groqchat.simulator.validation import ChatCall

_PAGES = (
    ("An example page", "https://example.org/"),
    ("Another example page", "https://example.org/other"),
)
_LINES = "L0: A page that stands for whatever a search would have found.\nL1: It has two lines."
MARK = "【1†L0-L1】"
"""The mark with which an answer cites the opened page."""


def executed_of(call: ChatCall) -> list[dict[str, Any]]:
    """The steps for a request, whole and in order."""
    kinds = [str(tool.get("type")) for tool in call.tools]
    steps: list[dict[str, Any]] = []
    if "browser_search" in kinds:
        steps += _browsed(call.question)
    if "code_interpreter" in kinds:
        steps.append(_computed())
    return [{"index": index, **step} for index, step in enumerate(steps)]


def _browsed(question: str) -> list[dict[str, Any]]:
    title, url = _PAGES[0]
    results = [
        {"title": name, "url": address, "content": _LINES, "score": 0.93 - number / 10}
        for number, (name, address) in enumerate(_PAGES)
    ]
    listed = "\n".join(
        f"L{number}: {name} {address}" for number, (name, address) in enumerate(_PAGES)
    )
    return [
        {
            "name": "browser.search",
            "type": "function",
            "arguments": json.dumps({"query": " ".join(question.split())[:80]}),
            "output": f"[0] Results for the query\n{listed}",
            "search_results": {"results": results},
        },
        {
            "name": "browser.open",
            "type": "function",
            "arguments": json.dumps({"cursor": 0, "id": 0}),
            "output": f"[1] {title} ({url})\n**viewing lines [0 - 1] of 1**\n\n{_LINES}",
            "search_results": {"results": None},
        },
    ]


def _computed() -> dict[str, Any]:
    return {
        "name": "python",
        "type": "function",
        "arguments": "sum(range(11))\n",
        "search_results": {"results": None},
        "code_results": [{"text": "55"}],
    }
