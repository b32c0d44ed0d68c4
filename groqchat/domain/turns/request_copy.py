"""A request as a command of cURL and as Python for the SDK; the key is read from a variable."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

GROQ_KEY = "GROQ_API_KEY"
_WIDTH = 88
_LONGEST_URL = 60
# A line that is in no JSON text; what stands before it goes to the command as it is.
_END = "END_OF_JSON"
# What the SDKs know under no keyword of their own (groq 1.7.0).
_EXTRA = ("stream_options",)


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as it was sent, or would be.

    Attributes:
        url: Where it goes.
        root: The beginning of the path that the vendor's SDK adds by itself.
        body: Its JSON.
        vendor: The name of another vendor's endpoint; None is Groq.
    """

    url: str
    root: str
    body: Mapping[str, Any]
    vendor: str | None = None

    @property
    def key_variable(self) -> str:
        """The environment variable that holds the key."""
        if self.vendor is None:
            return GROQ_KEY
        return re.sub(r"\W+", "_", self.vendor, flags=re.ASCII).upper() + "_API_KEY"

    @property
    def is_streamed(self) -> bool:
        """Whether the answer is streamed."""
        return self.body.get("stream") is True


def as_curl(request: SentRequest) -> str:
    """The request as a shell command, for bash, zsh and other shells of POSIX."""
    at_once = " --no-buffer" if request.is_streamed else ""
    body = json.dumps(_shortened(request.body), ensure_ascii=False, indent=2)
    return (
        f"curl --silent --show-error{at_once} {_quoted(request.url)} \\\n"
        f'  --header "Authorization: Bearer ${request.key_variable}" \\\n'
        '  --header "Content-Type: application/json" \\\n'
        f"  --data-binary @- <<'{_END}'\n{body}\n{_END}\n"
    )


def _shortened(value: object) -> object:
    """A JSON value in which images are cut: they are longer than what people copy."""
    match value:
        case str() if value.startswith("data:image/") and len(value) > _LONGEST_URL:
            return f"{value[:_LONGEST_URL]}…"
        case list():
            return [_shortened(each) for each in value]
        case dict():
            return {name: _shortened(each) for name, each in value.items()}
        case _:
            return value


def _quoted(text: str) -> str:
    """A text as one word of a shell."""
    return "'" + text.replace("'", "'\\''") + "'"


def as_python(request: SentRequest) -> str:
    """The request as a program that uses the SDK of the vendor, Groq's or OpenAI's."""
    package, maker = ("groq", "Groq") if request.vendor is None else ("openai", "OpenAI")
    base_url = request.url.removesuffix("/chat/completions").removesuffix(request.root)
    is_usual = request.vendor is None and base_url == "https://api.groq.com"
    address = "" if is_usual else f", base_url={base_url!r}"
    body = {name: _shortened(value) for name, value in request.body.items()}
    known = {name: value for name, value in body.items() if name not in _EXTRA}
    extra = {name: value for name, value in request.body.items() if name in _EXTRA}
    keywords = {**known, **({"extra_body": extra} if extra else {})}
    written = "".join(f"    {name}={_literal(keywords[name], 4)},\n" for name in keywords)
    answer = _STREAMED if request.is_streamed else _WHOLE
    return (
        f"import os\n\nfrom {package} import {maker}\n\n"
        f'client = {maker}(api_key=os.environ["{request.key_variable}"]{address})\n'
        f"answer = client.chat.completions.create(\n{written})\n{answer}"
    )


_STREAMED = """\
for chunk in answer:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
"""
_WHOLE = "print(answer.choices[0].message.content)\n"


def _literal(value: object, indent: int) -> str:
    """A JSON value in Python, on lines of their own where it is long."""
    short = repr(value)
    if len(short) + indent <= _WIDTH or not isinstance(value, dict | list) or not value:
        return short
    inner = " " * (indent + 4)
    if isinstance(value, dict):
        parts = [f"{key!r}: {_literal(each, indent + 4)}" for key, each in value.items()]
    else:
        parts = [_literal(each, indent + 4) for each in value]
    lines = "".join(f"{inner}{part},\n" for part in parts)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{lines}{' ' * indent}{closing}"
