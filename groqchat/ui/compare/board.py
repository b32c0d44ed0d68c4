"""What is shown of a comparison as a whole: title, names, figures, keys; and what is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widgets import Static

from groqchat.services.compare.reopening import said_in
from groqchat.ui.compare.headline import headline, show_figures, show_names
from groqchat.ui.compare.offers import offer_another

if TYPE_CHECKING:
    from groqchat.ui.compare.screen import CompareScreen
    from groqchat.ui.compare.side import Side


class CompareBoard:
    """Writes it.

    Args:
        screen: The comparison.
    """

    def __init__(self, screen: CompareScreen) -> None:
        self.title = Static(id="title", markup=False)
        self._screen = screen

    def show(self) -> None:
        """Write everything anew that is not an answer's text."""
        screen = self._screen
        show_names(screen.sides, screen.ballot, is_judged=not screen.work.is_turn)
        self.settle()

    def settle(self) -> None:
        """What there is room for."""
        self.show_title()
        self.show_figures()
        self.show_keys()

    def show_title(self) -> None:
        """Who compares, how it stands, how it was judged."""
        screen = self._screen
        width, is_judged = screen.size.width - 2, not screen.work.is_turn
        self.title.update(headline(screen.sides, screen.ballot, width, is_judged=is_judged))

    def show_figures(self) -> None:
        """Each side's, the best of each row marked."""
        show_figures(self._screen.sides, self._screen.ballot)

    def show_keys(self) -> None:
        """Those that act."""
        screen = self._screen
        screen.foot.show_keys(
            is_busy=screen.is_busy,
            is_begun=screen.comparison.turn > 0,
            is_votable=any(side.is_answered for side in screen.sides),
            is_low=screen.has_class("-low"),
        )

    # -- what was said before -----------------------------------------------------------------

    async def recall(self) -> None:
        """The comparison was left, and is opened again; what cannot be read hides nothing else."""
        screen = self._screen
        for side in screen.sides:
            await screen.run_surely(self._recall(side), group="recall").wait()
        await screen.run_surely(screen.ballot.recall(), group="recall").wait()
        self.show()

    async def _recall(self, side: Side) -> None:
        said = await said_in(side.column, self._screen.parts.store)
        side.recall(said, hides_names=self._screen.ballot.hides_names)
        await offer_another(self._screen, side)

    # -- names --------------------------------------------------------------------------------

    def begin(self) -> None:
        """A turn of all begins."""
        if self._screen.comparison.is_blind:
            self._hide()
        for side in self._screen.sides:
            side.begin(is_again=False)
        self.show()

    def _hide(self) -> None:
        """Nobody is to know who answers next: what was said before would tell."""
        self._screen.ballot.hide()
        self.match_sides()
        for side in self._screen.sides:
            side.shown.transcript.show(())

    def match_sides(self) -> None:
        """Show each column of the comparison where it stands now."""
        screen = self._screen
        for side, column in zip(screen.sides, screen.comparison.columns, strict=True):
            side.column = column

    async def reveal(self) -> None:
        """The names are known: what was said before may be seen again, and what went wrong.

        Raises:
            StorageError: What was said cannot be read.
        """
        for side in self._screen.sides:
            side.show_whole(await said_in(side.column, self._screen.parts.store))
            side.reveal()
        self.show()

    async def unhide_where_nobody_answered(self) -> None:
        """There is nothing to be voted on, and no vote that names could wait for.

        Raises:
            StorageError: What was said cannot be read.
        """
        screen = self._screen
        if screen.ballot.hides_names and not any(side.is_answered for side in screen.sides):
            await screen.ballot.unhide()
            await self.reveal()
