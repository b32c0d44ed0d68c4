"""Pygments' lexers, each made when its language first comes up."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from pygments.lexer import Lexer

COMMON: Final = ("python", "json", "bash", "javascript")
"""Languages whose lexers are loaded before they are needed."""


class Lexers:
    """Lexers by the names of their languages.

    To make one takes up to 60 ms. While somebody listens, those that are not common are made by a
    thread, and whoever listens is told, on that thread, when there is another.
    """

    def __init__(self) -> None:
        self._made: dict[str, Lexer | None] = {"": None}
        self._asked: set[str] = set()
        self._listeners: list[Callable[[], None]] = []

    def listen(self, listener: Callable[[], None]) -> None:
        """Have something called whenever a lexer was made that code has waited for."""
        self._listeners.append(listener)

    def ignore(self, listener: Callable[[], None]) -> None:
        """Have it called no more."""
        self._listeners.remove(listener)

    def get(self, name: str) -> Lexer | None:
        """The lexer of a language; None while there is none, or if Pygments knows none."""
        if name not in self._made:
            if name in COMMON or not self._listeners:
                self._made[name] = _make(name)
            elif name not in self._asked:
                self._asked.add(name)
                threading.Thread(target=self._tell, args=(name,), daemon=True).start()
        return self._made.get(name)

    def _tell(self, name: str) -> None:
        lexer = self._made[name] = _make(name)
        if lexer is not None:
            for listener in [*self._listeners]:
                listener()


def _make(name: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(name, stripnl=False, startinline=True)
    except ClassNotFound:
        return None


LEXERS: Final = Lexers()
"""Those of this process."""
