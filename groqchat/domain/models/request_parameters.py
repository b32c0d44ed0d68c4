"""The parameters of a request that a user sets: their names, and the values that a model takes.

Commands, options, forms and files read this table; ranges are those of Groq's API reference.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.models.catalog import Status
from groqchat.domain.models.parameters import HIDDEN, PARSED, reasoning_formats
from groqchat.domain.text.humanize import count
from groqchat.domain.text.spelling import did_you_mean
from groqchat.domain.turns.sent_parameters import written
from groqchat.domain.turns.service_tier import TIERS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Options

OFF = "off"
"""The word that leaves a parameter to the server again."""

MOST_STOPS = 4
_LONGEST_STOP = 400
# Seeds are whole numbers of 64 bits.
_LARGEST_SEED = 2**63 - 1
# More tokens than any model gives.
_MOST_TOKENS = 10**9
_MOST_DIGITS = 19
_TEXT = re.compile(r'\s*("(?:[^"\\]|\\.)*"|[^,"]*[^,"\s])\s*(?:,|$)')


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a request.

    ``name`` is the field of `Options` and the word of the user, ``sent_as`` the server's name.
    ``takes`` tells in words what a model takes; empty where it has no such parameter. ``read``
    makes the value of a text; None where the model does not take it. ``choices`` are the values of
    a parameter that has only some; none where they are not known.
    """

    name: str
    sent_as: str
    takes: Callable[[Model], str]
    read: Callable[[str, Model], object]
    choices: Callable[[Model], Sequence[str]] = lambda _: ()

    @property
    def title(self) -> str:
        """The name in words."""
        return self.name.replace("_", " ")

    @property
    def option(self) -> str:
        """The option of commands."""
        return f"--{self.name.replace('_', '-')}"

    def value(self, text: str, model: Model, called: str = "") -> object:
        """The value of a text for a model; ``off`` and an empty text leave it to the server.

        Args:
            text: What the user wrote.
            model: The model.
            called: The parameter as the user knows it; its name where none is given.

        Raises:
            ValueError: The model does not take it; the message, for the user, says what it takes.
        """
        word = text.strip()
        if not word or word.lower() == OFF:
            return unset(self.name)
        called, takes = called or self.name, self.takes(model)
        if not takes:
            raise ValueError(f"{called}: {model.id} has no such parameter.")
        value = self.read(word, model)
        if value is None:
            meant = did_you_mean(word, self.choices(model)) or "."
            raise ValueError(f"{called} {word}: {model.id} takes {takes}{meant}")
        return value

    def text(self, options: Options) -> str:
        """The present value as a user writes it; empty where it is not set."""
        value = getattr(options, self.name)
        return "" if value in (None, ()) else written(value)


def unset(name: str) -> object:
    """The value of an option that is left to the server."""
    return () if name in {"stop", "tools"} else None


def stops_from(text: str) -> tuple[str, ...] | None:
    r"""The texts of a list with commas; those with commas or line breaks stand in quotation marks.

    >>> stops_from('END, "a, b", "\\n"'), stops_from('"')
    (('END', 'a, b', '\n'), None)
    """
    found: list[str] = []
    place = 0
    while place < len(text):
        match = _TEXT.match(text, place)
        if match is None:
            return None
        try:
            found.append(json.loads(match[1]) if match[1].startswith('"') else match[1])
        except ValueError:
            return None
        place = match.end()
    return stops_of(found)


def stops_of(texts: Sequence[str]) -> tuple[str, ...] | None:
    """The texts that end an answer; None where there are too many, or one is empty or too long."""
    are_fit = len(texts) <= MOST_STOPS and all(0 < len(each) <= _LONGEST_STOP for each in texts)
    return tuple(texts) if texts and are_fit else None


def _number_to(most: float) -> Callable[[str, Model], float | None]:
    def read(text: str, _: Model) -> float | None:
        try:
            value = float(text.replace(",", "."))
        except ValueError:
            return None
        return value if math.isfinite(value) and 0 <= value <= most else None

    return read


def _whole(text: str) -> int | None:
    digits = text.removeprefix("-")
    is_whole = digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS
    return int(text) if is_whole else None


def _seed(text: str, _: Model) -> int | None:
    value = _whole(text)
    return value if value is not None and abs(value) <= _LARGEST_SEED else None


def _tokens(text: str, model: Model) -> int | None:
    value = _whole(text.replace(",", ""))
    most = model.max_completion_tokens or _MOST_TOKENS
    return value if value is not None and 0 < value <= most else None


def _takes_tokens(model: Model) -> str:
    most = model.max_completion_tokens
    return f"at most {count(most)} tokens" if most else "a number of tokens, such as 600"


def _efforts(model: Model) -> Sequence[str]:
    return model.reasoning_efforts


def _formats(model: Model) -> Sequence[str]:
    is_unknown = model.status is Status.UNLISTED and not model.reasoning_formats
    return (PARSED, "raw", HIDDEN) if is_unknown else reasoning_formats(model)


def _tiers(_: Model) -> Sequence[str]:
    return TIERS


def _sampling(name: str, words: str) -> Callable[[Model], str]:
    return lambda model: words if name in model.sampling else ""


def _choice(name: str, sent_as: str, choices: Callable[[Model], Sequence[str]]) -> Parameter:
    """A parameter with some values; a model of no table may take any word."""

    def takes(model: Model) -> str:
        is_unknown = model.status is Status.UNLISTED
        return ", ".join(choices(model)) or ("one word" if is_unknown else "")

    def read(text: str, model: Model) -> str | None:
        word, known = text.lower(), choices(model)
        is_word = word in known if known else not word.split()[1:]
        return word if is_word else None

    return Parameter(name, sent_as, takes, read, choices)


PARAMETERS = (
    _choice("effort", "reasoning_effort", _efforts),
    Parameter("max_tokens", "max_completion_tokens", _takes_tokens, _tokens),
    Parameter(
        "temperature", "temperature",
        _sampling("temperature", "a number from 0 to 2"), _number_to(2),
    ),
    Parameter("top_p", "top_p", _sampling("top_p", "a number from 0 to 1"), _number_to(1)),
    Parameter(
        "seed", "seed",
        _sampling("seed", f"a whole number up to {count(_LARGEST_SEED)}"), _seed,
    ),
    Parameter(
        "stop", "stop",
        _sampling("stop", f"up to {MOST_STOPS} texts, with commas between them"),
        lambda text, _: stops_from(text),
    ),
    _choice("reasoning_format", "reasoning_format", _formats),
    _choice("service_tier", "service_tier", _tiers),
)  # fmt: skip
"""All parameters, in the order in which they are shown."""

_BY_WORD = {each.name: each for each in PARAMETERS}
_BY_WORD |= {each.sent_as: each for each in PARAMETERS} | {"tier": _BY_WORD["service_tier"]}


def parameter_named(word: str) -> Parameter:
    """The parameter that a word names: its name, the server's, with dashes or underscores.

    Raises:
        ValueError: There is none; the message, for the user, names those there are.
    """
    found = _BY_WORD.get(word.lower().replace("-", "_"))
    if found is None:
        known = [each.name for each in PARAMETERS]
        meant = did_you_mean(word, known) or f"; there are {', '.join(known)}."
        raise ValueError(f"no parameter is called {word}{meant}")
    return found


def offered(model: Model) -> tuple[Parameter, ...]:
    """The parameters that a model takes."""
    return tuple(each for each in PARAMETERS if each.takes(model))
