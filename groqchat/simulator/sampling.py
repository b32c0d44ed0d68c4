"""The parameters of sampling in a request: what Groq refuses of them, and what ends an answer."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from groqchat.simulator.faults.refusals import bad_request

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.simulator.composed_answer import ComposedAnswer

# Groq's API reference; the words are those of its other refusals.
_MOST_STOPS = 4
_RANGES = (("temperature", 2), ("top_p", 1))


def check_sampling(body: Mapping[str, Any], model: Model) -> tuple[str, ...]:
    """Check the parameters of sampling; returns the texts that end the answer.

    Raises:
        RefusedError: 400 for a value out of range, or a parameter that the model does not take.
    """
    for name in ("temperature", "top_p", "seed", "stop"):
        if body.get(name) is not None and name not in model.sampling:
            raise bad_request(f"`{name}` is not supported with this model", param=name)
    for name, most in _RANGES:
        value = body.get(name)
        if value is not None and not (_is_number(value) and 0 <= value <= most):
            raise bad_request(f"'{name}' : number must be between 0 and {most}", param=name)
    if isinstance(body.get("seed"), bool):
        message = "'seed' : value must be an integer"
        raise bad_request(message, param="seed")
    return _stops(body.get("stop"))


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _stops(stop: object) -> tuple[str, ...]:
    texts = [stop] if isinstance(stop, str) else stop or []
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        message = "'stop' : value must be a string or an array of strings"
        raise bad_request(message, param="stop")
    if len(texts) > _MOST_STOPS:
        message = f"'stop' : maximum number of items is {_MOST_STOPS}"
        raise bad_request(message, param="stop")
    return tuple(text for text in texts if text)


def end_before(answer: ComposedAnswer, stops: Sequence[str]) -> None:
    """End an answer before the first of some texts; the text itself is not sent."""
    content = "".join(answer.content)
    ends = [place for stop in stops if (place := content.find(stop)) >= 0]
    if not ends:
        return
    end, tokens = min(ends), answer.content
    lengths = accumulate(map(len, tokens), initial=0)
    answer.content = [
        token[: end - at] for token, at in zip(tokens, lengths, strict=False) if at < end
    ]
    answer.finish_reason = "stop"
