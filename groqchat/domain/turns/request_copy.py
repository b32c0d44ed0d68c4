"""A request as a command of cURL and as Python for the SDK; the key is read from a variable.

Its images, which are longer than what people copy, are read from files when the copy runs.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

GROQ_KEY = "GROQ_API_KEY"
_WIDTH = 88
# A line that is in no JSON text; what stands before it goes to the command as it is.
_END = "END_OF_JSON"
_DATA_URL = re.compile(r"data:(image/[\w.+-]+);base64,([A-Za-z0-9+/=]+)")
_ACTIVE_IN_SHELL = re.compile(r"[\\$`]")
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


def image_urls(request: SentRequest) -> tuple[str, ...]:
    """The data URLs of the images in a request, each once."""
    return tuple(dict.fromkeys(url for url in _texts(request.body) if _DATA_URL.fullmatch(url)))


def image_in(url: str) -> tuple[str, str]:
    """The media type of a data URL of an image, and its bytes in base64.

    Raises:
        ValueError: It is no such URL.
    """
    found = _DATA_URL.fullmatch(url)
    if found is None:
        raise ValueError("no data URL of an image")
    return found[1], found[2]


def _texts(value: object) -> Iterator[str]:
    """The texts in a JSON value."""
    match value:
        case str():
            yield value
        case list():
            for each in value:
                yield from _texts(each)
        case dict():
            for each in value.values():
                yield from _texts(each)


def as_curl(request: SentRequest, files: Mapping[str, str]) -> str:
    """The request as a shell command, for bash, zsh and other shells of POSIX.

    Args:
        request: The request.
        files: The paths of files with the images of the request, by their data URLs.
    """
    at_once = " --no-buffer" if request.is_streamed else ""
    body = json.dumps(request.body, ensure_ascii=False, indent=2)
    return (
        f"curl --silent --show-error{at_once} {_quoted(request.url)} \\\n"
        f'  --header "Authorization: Bearer ${request.key_variable}" \\\n'
        '  --header "Content-Type: application/json" \\\n'
        f"  --data-binary @- <<{_here_document(body, files)}"
    )


def _here_document(body: str, files: Mapping[str, str]) -> str:
    """The body behind ``<<``: as it is, or with commands in it that read the images."""
    if not files:
        return f"'{_END}'\n{body}\n{_END}\n"
    body = _ACTIVE_IN_SHELL.sub(r"\\\g<0>", body)
    for url, path in files.items():
        media_type, _ = image_in(url)
        read = f"$(base64 < {_quoted(path)} | tr -d '\\n')"
        body = body.replace(f'"{url}"', f'"data:{media_type};base64,{read}"')
    return f"{_END}\n{body}\n{_END}\n"


def _quoted(text: str) -> str:
    """A text as one word of a shell."""
    return "'" + text.replace("'", "'\\''") + "'"


class _Expression(str):
    """A part of a program that stands for a value."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def as_python(request: SentRequest, files: Mapping[str, str]) -> str:
    """The request as a program that uses the SDK of the vendor, Groq's or OpenAI's.

    Args:
        request: The request.
        files: The paths of files with the images of the request, by their data URLs.
    """
    package, maker = ("groq", "Groq") if request.vendor is None else ("openai", "OpenAI")
    base_url = request.url.removesuffix("/chat/completions").removesuffix(request.root)
    is_usual = request.vendor is None and base_url == "https://api.groq.com"
    address = "" if is_usual else f", base_url={base_url!r}"
    body = {name: _with_calls(value, files) for name, value in request.body.items()}
    known = {name: value for name, value in body.items() if name not in _EXTRA}
    extra = {name: value for name, value in request.body.items() if name in _EXTRA}
    keywords = {**known, **({"extra_body": extra} if extra else {})}
    written = "".join(f"    {name}={_literal(keywords[name], 4)},\n" for name in keywords)
    answer = _STREAMED if request.is_streamed else _WHOLE
    modules, function = ("base64\nimport os", _IMAGE) if files else ("os", "")
    return (
        f"import {modules}\n\nfrom {package} import {maker}\n\n{function}"
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
_IMAGE = """
def image(path, media_type):
    with open(path, "rb") as file:
        return f"data:{media_type};base64,{base64.b64encode(file.read()).decode()}"


"""


def _with_calls(value: object, files: Mapping[str, str]) -> object:
    """A JSON value with calls that read the images in the place of their data URLs."""
    match value:
        case str() if value in files:
            return _Expression(f"image({files[value]!r}, {image_in(value)[0]!r})")
        case list():
            return [_with_calls(each, files) for each in value]
        case dict():
            return {name: _with_calls(each, files) for name, each in value.items()}
        case _:
            return value


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
