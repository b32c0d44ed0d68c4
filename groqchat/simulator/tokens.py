"""The tokenizer of the simulator, used for every count."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING

from groqchat.domain.images.image import IMAGE_TOKENS
from groqchat.domain.tools.typescript import as_typescript

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

# About four characters of English prose or code make one token, three letters of other languages,
# two syllables of Hangul; an ideograph is one of its own.
# Cutting a text at the end of a token never changes the tokens before the cut.
_TOKEN = re.compile(
    r" ?[A-Z]?[a-z]{1,10}(?![\u00c0-\u2000])| ?[A-Z]{1,3}(?![\u00c0-\u2000])"
    r"| ?(?:[^\W\d_\u2e80-\U0010ffff]|[\u0900-\u0e7f]){1,3}| ?[\uac00-\ud7a3]{1,2}"
    r"|\d{1,3}|\n\s*| {2,}| ?[^\w\s\u2e80-\U0010ffff]{1,4}|.",
    re.DOTALL,
)
# What the chat templates put around the words, as tokens; "gpt-oss" is harmony, whose system
# message tells date and effort whatever is asked, the others are taken to be ChatML.
_HARMONY_OPENING = ("<|start|>", "system", "<|message|>", *("about itself",) * 62)
_HARMONY = {
    "user": (("<|start|>", "user", "<|message|>"), ("<|end|>",)),
    "assistant": (
        ("<|start|>", "assistant", "<|channel|>", "final", "<|message|>"),
        ("<|end|>",),
    ),
    "system": (("# Inst", "ructions", "\n\n"), ()),
    "tool": (("<|start|>", "functions", " to=", "assistant", "<|message|>"), ("<|end|>",)),
}
_HARMONY_CALL = ("<|start|>", "assistant")
_HARMONY_FORM = 28
_AROUND_CALL = 8
_FUNCTIONS, _BUILT_IN, _CHATML_TOOLS = 28, 200, 120
_CHATML_CALL = ("<|im_start|>", "assistant", "\n")


def tokenize(text: str) -> list[str]:
    """The tokens of a text; joined they give the text again."""
    return _TOKEN.findall(text)


def tokenize_prompt(
    messages: Iterable[Mapping[str, object]],
    model: str = "",
    *,
    response_format: Mapping[str, object] | None = None,
    tools: Sequence[Mapping[str, object]] = (),
) -> list[str]:
    """All tokens of a conversation, with those of the model's chat template.

    Args:
        messages: The messages of the request.
        model: The model whose template is used.
        response_format: The requested form of the answer.
        tools: The tools in the request.
    """
    if "gpt-oss" not in model:
        spoken = [token for message in messages for token in _chatml(message)]
        return [*_chatml_tools(tools), *spoken, *_CHATML_CALL]
    spoken = [token for message in messages for token in _harmony(message)]
    form = _form(response_format or {})
    return [*_HARMONY_OPENING, *_harmony_tools(tools), *form, *spoken, *_HARMONY_CALL]


def _harmony_tools(tools: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """What a prompt of gpt-oss says of tools.

    The first function has about 58 tokens, a further one 30, if it has one text as its argument and
    a description of eight words (recorded).
    """
    functions = [function for tool in tools if isinstance(function := tool.get("function"), dict)]
    yield from ("functions",) * (_FUNCTIONS if functions else 0)
    for tool in tools:
        yield from (str(tool.get("type")),) * (0 if "function" in tool else _BUILT_IN)
    for each in functions:
        parameters = each.get("parameters")
        schema = parameters if isinstance(parameters, dict) else {}
        told = as_typescript(str(each.get("name")), str(each.get("description", "")), schema)
        yield from tokenize(told)


def _chatml_tools(tools: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """What a prompt of ChatML says of tools: their JSON, and how they are called."""
    yield from ("tools",) * (_CHATML_TOOLS if tools else 0)
    for tool in tools:
        yield from tokenize(json.dumps(tool))


def _form(response_format: Mapping[str, object]) -> list[str]:
    """The tokens of the form of the answer: that there is one, and its schema."""
    if response_format.get("type", "text") == "text":
        return []
    described = response_format.get("json_schema")
    schema = described.get("schema") if isinstance(described, dict) else None
    return [*("form",) * _HARMONY_FORM, *(tokenize(json.dumps(schema)) if schema else ())]


def _chatml(message: Mapping[str, object]) -> list[str]:
    calls = message.get("tool_calls")
    return [
        *("<|im_start|>", str(message.get("role")), "\n"),
        *_content_tokens(message.get("content")),
        *_call_tokens(calls),
        *("<|im_end|>", "\n"),
    ]


def _harmony(message: Mapping[str, object]) -> list[str]:
    role, calls = str(message.get("role")), message.get("tool_calls")
    before, after = _HARMONY["system" if role == "developer" else role]
    # Beside calls of tools the content is not put into the prompt.
    words = _call_tokens(calls) if calls else _content_tokens(message.get("content"))
    return [*before, *words, *after]


def _call_tokens(calls: object) -> list[str]:
    """What a prompt says of calls: names and arguments between marks; ids are no part of it."""
    told: list[str] = []
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(function, dict):
            told += ("call",) * _AROUND_CALL
            told += tokenize(f"{function.get('name')} {function.get('arguments')}")
    return told


def text_of(content: object) -> str:
    """The text of a message's content, whether it is a string or a list of parts."""
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "\n".join(
        str(part.get("text", ""))
        for part in parts
        if isinstance(part, dict) and part.get("type") == "text"
    )


def _content_tokens(content: object) -> list[str]:
    tokens = tokenize(text_of(content))
    for part in content if isinstance(content, list) else ():
        if isinstance(part, dict) and part.get("type") == "image_url":
            digest = hashlib.sha256(repr(part).encode()).hexdigest()[:8]
            tokens += [f"<image {digest}>"] * IMAGE_TOKENS
    return tokens
