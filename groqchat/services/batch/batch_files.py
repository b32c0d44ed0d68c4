"""Reads the lines of a batch from JSON lines, CSV or plain text, and names every mistake's line."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from groqchat.domain.batch.lines import CHAT, TRANSCRIPTION, TRANSLATION, batch_line
from groqchat.domain.models.catalog import Kind
from groqchat.domain.text.humanize import counted
from groqchat.domain.text.spelling import did_you_mean
from groqchat.services.text_rows import csv_rows, json_rows_or_mistakes, plain_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from groqchat.domain.batch.lines import BatchLine
    from groqchat.domain.models.catalog import Model
    from groqchat.services.text_rows import Row

# The fields of our own short form; Groq's own form has "custom_id" and "body".
_FIELDS = ("id", "prompt", "messages", "system", "url", "seconds", "model")
_CSV_FIELDS = tuple(name for name in _FIELDS if name != "messages")
_GROQS = frozenset({"custom_id", "body", "method"})
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Defaults:
    """The defaults for lines that do not set a value themselves.

    ``model`` is empty for none. ``max_tokens`` bounds answers in tokens. ``is_translation`` has
    audio translated into English.
    """

    model: str = ""
    system: str = ""
    max_tokens: int | None = None
    is_translation: bool = False


def read_lines(
    text: str, form: str, defaults: Defaults, model_of: Callable[[str], Model]
) -> list[BatchLine]:
    """Read all lines of a batch.

    Args:
        text: The whole file.
        form: Its form: "jsonl", "csv", or "txt" with one prompt or address of audio a line.
        defaults: What lines get that do not say it themselves.
        model_of: What is known about a model.

    Raises:
        ValueError: The file has mistakes; the message names the lines of the first ones.
    """
    reader = _LineReader(defaults, model_of)
    for number, row in _rows(text, form, is_audio=reader.is_audio):
        if isinstance(row, ValueError):
            reader.mistakes.append(str(row))
        else:
            reader.take(number, row)
    reader.finish()
    return reader.lines


def _rows(
    text: str, form: str, *, is_audio: bool
) -> Iterable[tuple[int, dict[str, Any] | ValueError]]:
    if form == "csv":
        return _csv(text)
    if form == "jsonl":
        return json_rows_or_mistakes(text, "a prompt or a request")
    return plain_rows(text, "url" if is_audio else "prompt")


def _csv(text: str) -> Iterator[Row]:
    for line, cells in csv_rows(text, _check_head):
        yield line, {name: cell for name, cell in cells.items() if cell or name == "prompt"}


def _check_head(head: list[str]) -> None:
    _check_names(head, _CSV_FIELDS)
    if not {"prompt", "url"} & set(head):
        raise ValueError(f"there is no column 'prompt' or 'url' among {', '.join(head)}")


def _check_names(names: Iterable[str], known: tuple[str, ...]) -> None:
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known)
            raise ValueError(f"{name!r} is no field; there are {', '.join(known)}{hint}")


@dataclass(slots=True)
class _LineReader:
    """Reads row after row; remembers mistakes, and the ids that are taken."""

    defaults: Defaults
    model_of: Callable[[str], Model]
    lines: list[BatchLine] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)

    @property
    def is_audio(self) -> bool:
        """Whether the model that lines get takes audio."""
        return self.model_of(self.defaults.model).kind is Kind.AUDIO

    def take(self, number: int, row: dict[str, Any]) -> None:
        try:
            request, audio_s = self._request(number, row)
            line = batch_line(request, self.model_of, audio_s=audio_s)
            if (taken := self.places.setdefault(line.custom_id, number)) != number:
                raise ValueError(f"the id {line.custom_id!r} is taken by line {taken}")
        except ValueError as mistake:
            self.mistakes.append(f"line {number}: {mistake}")
        else:
            self.lines.append(line)

    def finish(self) -> None:
        """Raise ValueError where there was a mistake, or nothing at all."""
        if self.mistakes:
            more = len(self.mistakes) - _MOST_NAMED
            rest = f"; and {counted(more, 'further mistake')}" if more > 0 else ""
            raise ValueError("; ".join(self.mistakes[:_MOST_NAMED]) + rest)
        if not self.lines:
            raise ValueError("there are no requests in it")

    def _request(self, number: int, row: dict[str, Any]) -> tuple[dict[str, Any], float | None]:
        """The request of a row, and the length of its audio where it is told."""
        if _GROQS & row.keys():
            return self._completed(row), None
        _check_names(row, _FIELDS)
        custom_id = row.get("id", str(number))
        if isinstance(custom_id, int) and not isinstance(custom_id, bool):
            custom_id = str(custom_id)
        if "url" in row:
            url, body = self._audio(row)
        else:
            url, body = CHAT, self._chat(row)
        request = {"custom_id": custom_id, "method": "POST", "url": url, "body": body}
        return request, _seconds(row.get("seconds"))

    def _completed(self, row: dict[str, Any]) -> dict[str, Any]:
        """A request in Groq's own form, with the model if it names none."""
        body = row.get("body")
        if isinstance(body, dict) and "model" not in body and self.defaults.model:
            return row | {"body": {"model": self.defaults.model, **body}}
        return row

    def _chat(self, row: dict[str, Any]) -> dict[str, Any]:
        messages = row.get("messages")
        if messages is None:
            prompt = _text(row, "prompt")
            if not prompt.strip():
                raise ValueError("the prompt is empty" if "prompt" in row else "there is no prompt")
            system = _text(row, "system") or self.defaults.system
            messages = [{"role": "system", "content": system}] if system else []
            messages.append({"role": "user", "content": prompt})
        body = {"model": _text(row, "model") or self.defaults.model, "messages": messages}
        if self.defaults.max_tokens is not None:
            body["max_completion_tokens"] = self.defaults.max_tokens
        return body

    def _audio(self, row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
        """The endpoint and body for audio; its length comes back, so that it can be priced."""
        model = _text(row, "model") or self.defaults.model
        body = {"model": model, "url": _text(row, "url"), "response_format": "verbose_json"}
        if self.defaults.is_translation:
            return TRANSLATION, body
        return TRANSCRIPTION, body


def _text(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} must be a text")
    return value or ""


def _seconds(value: object) -> float | None:
    """The length of audio that a row tells, in seconds."""
    if value is None:
        return None
    try:
        length = float(value) if isinstance(value, int | float | str) else math.nan
    except ValueError:
        length = math.nan
    if not 0 <= length < math.inf:
        raise ValueError(f"seconds must be the length of the audio, not {value!r}")
    return length
