"""Patterns that stand for promptfoo's assertions about texts, read back as these assertions.

They are those that ``promptfoo_checks`` writes; promptfoo reads regular expressions as JavaScript,
which takes none of them.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Found(NamedTuple):
    """An assertion's type, and its text or texts."""

    type: str
    value: str | list[str]


class _Form(NamedTuple):
    """How a pattern begins and ends; the type for one text, and for any of several."""

    begin: str
    end: str
    one: str
    some: str = ""


_ABSENT = r"\A(?![\s\S]*(?:"
_FORMS = (
    _Form(f"{_ABSENT}(?i:", ")))", "not-icontains", "not-icontains-any"),
    _Form(_ABSENT, "))", "not-contains", "not-contains-any"),
    _Form(r"\A(?!", r"\Z)", "not-equals"),
    _Form(r"\A(?!", ")", "not-starts-with"),
    _Form("(?i)", "", "icontains", "icontains-any"),
    _Form(r"\A", "", "starts-with"),
)


def text_assertion(pattern: str) -> Found | None:
    r"""The assertion about texts that a pattern stands for; None where it stands for none.

    >>> text_assertion(r"\AHello")
    Found(type='starts-with', value='Hello')
    >>> text_assertion("(?i)red|green").value
    ['red', 'green']
    """
    for form in _FORMS:
        if not (pattern.startswith(form.begin) and pattern.endswith(form.end)):
            continue
        inner = pattern[len(form.begin) : len(pattern) - len(form.end)]
        texts = _literals(inner)
        if len(texts) == 1:
            return Found(form.one, texts[0])
        if texts and form.some:
            return Found(form.some, texts)
    return None


def absent_pattern(pattern: str) -> str | None:
    """The pattern that a pattern forbids; None where it forbids none."""
    if pattern.startswith(_ABSENT) and pattern.endswith("))"):
        return pattern[len(_ABSENT) : -2]
    return None


def _literals(pattern: str) -> list[str]:
    """The texts of which a pattern matches any, as they are; empty where it is no such pattern."""
    texts = [re.sub(r"\\(\W)", r"\1", each) for each in re.split(r"(?<!\\)\|", pattern)]
    return texts if pattern and "|".join(map(re.escape, texts)) == pattern else []
