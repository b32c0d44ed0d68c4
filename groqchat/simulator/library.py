"""The prepared answers: Markdown files in ``articles/``, each with keywords."""

from __future__ import annotations

import functools
import itertools
import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from groqchat.simulator.tokens import tokenize

if TYPE_CHECKING:
    import random

_FALLBACK = "about"
_FILLER = " and so on with a few more plain words that fill the last lines until the count fits"


@dataclass(frozen=True, slots=True)
class Article:
    """A prepared answer; ``keywords`` are lower-case words or phrases."""

    name: str
    keywords: tuple[str, ...]
    text: str


@functools.cache
def articles() -> tuple[Article, ...]:
    """All prepared answers, by name. The first line of a file is ``keywords: one, two, …``."""
    folder = resources.files("groqchat.simulator") / "articles"
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".md")), key=lambda f: f.name)
    return tuple(_read(f.name.removesuffix(".md"), f.read_text(encoding="utf-8")) for f in files)


def _read(name: str, source: str) -> Article:
    head, _, text = source.partition("\n")
    words = head.removeprefix("keywords:").split(",")
    return Article(
        name, tuple(word.strip().lower() for word in words if word.strip()), text.strip()
    )


def find(question: str, rng: random.Random) -> str | None:
    """The answer whose keywords match best, a random one among equals; None without a match."""
    said = question.lower()
    scores = {article.text: _score(article, said) for article in articles()}
    best = max(scores.values())
    return rng.choice([text for text, score in scores.items() if score == best]) if best else None


def _score(article: Article, said: str) -> int:
    return sum(
        len(keyword)
        for keyword in article.keywords
        if keyword in said and re.search(rf"\b{re.escape(keyword)}", said)
    )


def fallback() -> str:
    """The answer to a question that matches nothing; ``TOPIC`` is a placeholder in it."""
    return next(article.text for article in articles() if article.name == _FALLBACK)


def shuffled(rng: random.Random) -> list[str]:
    """All prepared answers but the fallback, in random order."""
    texts = [article.text for article in articles() if article.name != _FALLBACK]
    rng.shuffle(texts)
    return texts


@functools.cache
def shortest() -> int:
    """The number of tokens of the shortest prepared answer and a blank line."""
    texts = [article.text for article in articles() if article.name != _FALLBACK]
    return min(len(tokenize(text + "\n\n")) for text in texts)


def filler(number: int) -> list[str]:
    """A list of ``number`` tokens of plain words."""
    return list(itertools.islice(itertools.cycle(tokenize(_FILLER)), number))
