"""The end of the program while answers still come, or nothing is kept: said, and asked, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from groqchat.domain.errors.tree import StorageError
from groqchat.ui.sessions.opening import LONGEST_TITLE
from groqchat.ui.terminal.active_screen import is_answering, tell
from groqchat.ui.widgets.text import line
from groqchat.ui.workspace.unkept import LOSS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from textual.screen import Screen

    from groqchat.services.turns.running import RunningTurns
    from groqchat.ui.services import Services

# So many answers are named; of the others it is said how many there are.
MOST_NAMED = 3


class Leaving:
    """Knows which answers were named already when somebody wanted to quit.

    Args:
        chat: The screen of the chat.
        turns: The turns of all sessions.
        services: The services.
    """

    def __init__(self, chat: Screen[Any], turns: RunningTurns, services: Services) -> None:
        self._chat = chat
        self._turns = turns
        self._services = services
        self._named: frozenset[object] = frozenset()
        # Gives the sessions whose columns are being answered behind the chat.
        self.compared: Callable[[], Sequence[str]] = tuple

    async def may_end(
        self, on_top: Screen[Any] | None = None, *, again: str = "Ctrl+Q again quits"
    ) -> bool:
        """Whether all that runs or is lost was named; if not, it is now, on the screen on top.

        Args:
            on_top: That screen, by default the chat's; if it is a comparison's, this may run.
            again: How to end all the same.
        """
        on_top = on_top or self._chat
        is_comparing = on_top is not self._chat and is_answering(on_top)
        running: frozenset[object] = frozenset(self._turns.running)
        running |= {on_top} if is_comparing else frozenset()
        running |= frozenset(self.compared())
        lost = frozenset({LOSS} if self._services.forgets else ())
        if running | lost <= self._named:
            return True
        said = f"{LOSS}; /export FILE saves a session elsewhere. " if lost - self._named else ""
        self._named = running | lost
        if not running:
            tell(on_top, f"{said}{again}.")
            return False
        names = ["this comparison"] if is_comparing else []
        ids = [turn.session.id for turn in self._turns.running]
        names += await self._titles([*ids, *self.compared()])
        services = self._services
        is_kept = not (services.is_demo or services.is_incognito or services.forgets)
        then = f"{again} and keeps what has arrived." if is_kept else f"{again}."
        tell(on_top, f"{said}Still answering: {listed(names)}. {then}")
        return False

    async def _titles(self, ids: Iterable[str]) -> list[str]:
        try:
            sessions = [await self._services.store.session(each) for each in ids]
        except StorageError:
            return []  # the program may be left for just that
        return [f"“{line(each.title, LONGEST_TITLE)}”" for each in sessions if each is not None]


def listed(names: Sequence[str]) -> str:
    """The names of what is still answered, or the first of many."""
    named = [*names[:MOST_NAMED]]
    if len(names) > MOST_NAMED:
        named.append(f"{len(names) - MOST_NAMED} more")
    last = named.pop() if named else "a session"
    return f"{', '.join(named)} and {last}" if named else last
