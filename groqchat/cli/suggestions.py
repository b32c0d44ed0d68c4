"""Suggestions for mistyped words of a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.spelling import did_you_mean

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Sequence


def suggestion(words: Sequence[str], parser: argparse.ArgumentParser) -> str:
    """``; did you mean --model?`` for the first word that is almost a known one, else nothing.

    Args:
        words: The command line that could not be parsed.
        parser: The parser of the whole program.
    """
    return next(filter(None, _doubts(iter(words), parser)), "")


def _doubts(words: Iterator[str], parser: argparse.ArgumentParser) -> Iterator[str]:
    """A hint, or an empty one, for every word that no parser knows."""
    place, begun = parser, True
    for word in words:
        if word == "--":
            return
        if word.startswith("-"):
            yield from _option(word, words, (place, parser))
            continue
        argument = next(_positionals(place), None)
        choices = argument.choices if argument else None
        if not begun or not choices:
            begun = False  # a text that may be anything
        elif isinstance(choices, dict) and word in choices:
            place = choices[word]
        elif word not in choices:
            yield did_you_mean(word, map(str, choices))
            begun = False


def _option(
    word: str, words: Iterator[str], places: Iterable[argparse.ArgumentParser]
) -> Iterator[str]:
    """A hint for an unknown option or for its value, which is taken off the words."""
    name, equals, value = word.partition("=")
    actions = {each: action for place in places for each, action in _options(place)}
    action = actions.get(name)
    if action is None:
        if name.startswith("--") and not any(known.startswith(name) for known in actions):
            plain = {known.lstrip("-"): known for known in actions if known.startswith("--")}
            yield did_you_mean(name[2:], plain, written="--{}")
        return
    if action.nargs != 0 and not equals:
        value = next(words, "")
    if action.choices and value and value not in action.choices:
        yield did_you_mean(value, map(str, action.choices))


def _options(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.Action]]:
    for action in parser._actions:  # argparse shows its tree no other way
        for name in action.option_strings:
            yield name, action


def _positionals(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    return (action for action in parser._actions if not action.option_strings)  # as above
