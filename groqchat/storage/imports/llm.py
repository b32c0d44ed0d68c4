"""Reads the log of ``llm``, ``logs.db``, as versions before and since 0.32 write it.

Since 0.32 a chat is a chain of messages that several chats may share (tables ``threads``,
``turns``, ``messages`` and ``parts``); before, it is its responses. A chat that was continued
across the change is in both, and the chain holds all of it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.turns.chat import Role
from groqchat.services.sessions.importers.conversation import Conversation, Node, chained
from groqchat.services.sessions.importers.images import with_marks
from groqchat.services.sessions.json_fields import Fields
from groqchat.services.sessions.message_imports import time_of
from groqchat.storage.imports.llm_attachments import ATTACHMENT, LogAttachments
from groqchat.storage.imports.tables import joined, text_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from groqchat.services.sessions.importers.images import ImportedImages
    from groqchat.storage.database.rows import Row
    from groqchat.storage.imports.tables import Tables

NAME = "llm"
REMARK = ""
TABLES = frozenset({"responses", "conversations"})

_ROLES = {"user": Role.USER, "assistant": Role.ASSISTANT, "system": Role.SYSTEM}
_PARTS = {"tool_call": "tool call", "tool_result": "tool result"}
_ASKED = (
    "model", "resolved_model", "datetime_utc", "input_tokens", "output_tokens", "token_details",
    "duration_ms", "response_json",
)  # fmt: skip


def conversations(
    tables: Tables, omitted: Counter[str], images: ImportedImages
) -> Iterator[tuple[str, Callable[[], Conversation]]]:
    """The chats, each with its place and a function that reads it."""
    log = _Log(tables, omitted, images)
    names = {key: text_of(name) for key, name in tables.rows("conversations", "id", "name")}
    threads = tables.rows("threads", "id", "name", "tip_message_hash")
    for key, name, tip in threads:
        # A thread is named by its newest prompt.
        title = names.get(key) or text_of(name)
        yield f"chat {key}", partial(log.thread, text_of(key), title, tip)
    known = {row[0] for row in threads}
    for key in log.responses:
        if key not in known:
            yield f"chat {key}", partial(log.conversation, text_of(key), names.get(key, ""))


class _Turn(NamedTuple):
    """What is told of the request that an answer came from."""

    model: str | None = None
    created: float | None = None
    usage: Usage | None = None
    timing: Timing | None = None
    reasoning: str = ""


class _Log:
    """The tables of a log, by what they belong to."""

    def __init__(self, tables: Tables, omitted: Counter[str], images: ImportedImages) -> None:
        self._omitted = omitted
        self._attachments = LogAttachments(tables, omitted, images)
        # Ids are times: those of responses tell their order.
        told = ("id", "conversation_id", "prompt", "system", "response", "reasoning", *_ASKED)
        self.responses: dict[str, list[Row]] = {}
        for row in sorted(tables.rows("responses", *told), key=lambda row: text_of(row[0])):
            self.responses.setdefault(text_of(row[1]) or text_of(row[0]), []).append(row)
        links = ("tip_message_hash", "parent_message_hash")
        self._turns = tables.grouped("turns", "thread_id", *links, *_ASKED)
        rows = tables.rows("messages", "hash", "parent_hash", "role")
        self._messages = {name: (parent, role) for name, parent, role in rows}
        self._parts = tables.grouped("parts", "message_hash", "position", "type", "text", "payload")
        fragments = tables.rows("fragments", "id", "content")
        self._fragments = {number: text_of(content) for number, content in fragments}
        self._used = {
            kind: tables.grouped(f"{kind}_fragments", "response_id", "order", "fragment_id")
            for kind in ("prompt", "system")
        }
        self._calls = tables.grouped("tool_calls", "response_id")

    def thread(self, key: str, title: str, tip: object) -> Conversation:
        """A chat since 0.32: the chain of messages that ends at a tip."""
        rows = self._turns.get(key, [])
        turns = {row[0]: _turn(row[2:]) for row in rows}
        prompts = {row[1]: turns[row[0]] for row in rows}
        # A chat that is older than its turns has the times of its first answers there.
        earlier = {text_of(row[4]): _turn(row[6:]) for row in self.responses.get(key, [])}
        nodes = []
        for name, role in reversed(list(self._chain(tip))):
            asked = turns.get(name)
            text, reasoning = self._said(name, asked.reasoning if asked else "")
            images = self._attachments.of_parts(self._parts.get(name, []))
            if role is Role.ASSISTANT:
                turn = asked or earlier.get(text, _Turn())
                nodes.append(_answer(text, reasoning, turn))
            else:
                said = with_marks(text, images)
                created = prompts.get(name, _Turn()).created
                nodes.append(Node("", None, role, said, created, images=images))
        return _whole(key, title, nodes)

    def conversation(self, key: str, title: str) -> Conversation:
        """A chat before 0.32: its responses, each with its prompt."""
        nodes = []
        for name, _, prompt, system, response, reasoning, *asked in self.responses[key]:
            turn = _turn(asked)
            told = joined([*self._fragments_of("system", name), text_of(system)], "\n")
            said = joined([*self._fragments_of("prompt", name), text_of(prompt)], "\n")
            images = self._attachments.of_response(name)
            nodes += [
                Node("", None, Role.SYSTEM, told),
                Node("", None, Role.USER, with_marks(said, images), turn.created, images=images),
                _answer(text_of(response), text_of(reasoning), turn),
            ]
            self._omitted["tool call"] += len(self._calls.get(name, ()))
        return _whole(key, title, nodes)

    def _chain(self, tip: object) -> Iterator[tuple[str, Role | None]]:
        """The messages from a tip up to the first one."""
        seen: set[object] = set()
        while isinstance(tip, str) and tip in self._messages and tip not in seen:
            seen.add(tip)
            parent, role = self._messages[tip]
            yield tip, _ROLES.get(text_of(role))
            tip = parent

    def _said(self, name: str, kept_reasoning: str) -> tuple[str, str]:
        """The words and the reasoning of a message, of all its parts.

        llm 0.36 hides the reasoning of OpenAI-compatible servers, but keeps it in its copy of a
        response that came in one piece (``findings/llm_hidden_reasoning.sh``).
        """
        texts: dict[str, list[str]] = {"text": [], "reasoning": []}
        for _, kind, text, payload in sorted(self._parts.get(name, []), key=_position):
            fields = _fields(payload)
            if kind == ATTACHMENT:
                continue
            if kind not in texts:
                self._omitted[_PARTS.get(text_of(kind), f"{kind} part")] += 1
            elif fields.flag("redacted") and kept_reasoning:
                texts["reasoning"] = [kept_reasoning]
            elif fields.flag("redacted"):
                self._omitted["hidden reasoning text"] += 1
            else:
                texts[kind].append(text if isinstance(text, str) else self._assembled(fields))
        return joined(texts["text"], "\n\n"), joined(texts["reasoning"], "\n\n")

    def _assembled(self, fields: Fields) -> str:
        """A text that is kept in pieces: fragments, which several prompts may share, and words."""
        return "".join(
            each.text("literal") or self._fragments.get(each.whole("fragment"), "")
            for each in fields.objects("text_ref")
        )

    def _fragments_of(self, kind: str, response_id: object) -> Iterable[str]:
        used = sorted(self._used[kind].get(response_id, []), key=_position)
        return [self._fragments.get(number, "") for _, number in used]


def _position(row: Row) -> float:
    return row[0] if isinstance(row[0], (int, float)) else 0


def _whole(key: str, title: str, nodes: Sequence[Node]) -> Conversation:
    """The conversation of nodes in their order; a prompt has the time of its answer."""
    timed = list(nodes)
    for at in reversed(range(len(timed) - 1)):
        if timed[at].created is None:
            timed[at] = replace(timed[at], created=timed[at + 1].created)
    return Conversation(key, list(chained(timed)), title, is_named_by_content=True)


def _answer(text: str, reasoning: str, turn: _Turn) -> Node:
    node = Node("", None, Role.ASSISTANT, text, turn.created, turn.model, reasoning)
    return replace(node, usage=turn.usage, timing=turn.timing)


def _turn(row: Sequence[object]) -> _Turn:
    """What ``_ASKED`` tells. The model is the one that answered, rather than llm's name for it."""
    alias, resolved, time, prompted, completed, details, duration, response = row
    model = text_of(resolved) or _fields(response).text("model") or text_of(alias)
    counts = Fields({"prompted": prompted, "completed": completed, "duration": duration})
    tokens = _fields(details)
    usage = Usage(
        counts.whole("prompted") or 0,
        tokens.inner("prompt_tokens_details").whole("cached_tokens") or 0,
        counts.whole("completed") or 0,
        tokens.inner("completion_tokens_details").whole("reasoning_tokens") or 0,
    )
    lasted = counts.number("duration")
    return _Turn(
        model or None,
        time_of(time),
        usage if usage.total_tokens else None,
        None if lasted is None else Timing(None, lasted / 1000),
        _reasoning(_fields(response)),
    )


def _reasoning(response: Fields) -> str:
    """The reasoning in a whole response; empty where it was streamed."""
    for choice in response.objects("choices"):
        message = choice.inner("message")
        return message.text("reasoning") or message.text("reasoning_content") or ""
    return ""


def _fields(written: object) -> Fields:
    """The fields of a JSON object in a column."""
    try:
        return Fields.of(json.loads(written) if isinstance(written, str) else None)
    except (ValueError, RecursionError):
        return Fields({})
