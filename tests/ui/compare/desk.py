"""A comparison on the screen without a screen: the state and its parts, on fake services."""

from groqchat.domain.turns.chat import Options
from groqchat.domain.turns.retry import RetryPolicy
from groqchat.services.compare.ballot import Ballot
from groqchat.services.compare.compare import Comparison
from groqchat.ui.compare.column import CompareColumn, Phase
from groqchat.ui.compare.column_presenter import ColumnPresenter
from groqchat.ui.compare.state import CompareState
from groqchat.ui.transcript.frame_pacer import FramePacer
from tests.fakes import FakeProvider, MemoryRecords, session
from tests.services.desk import CATALOG, Desk

A, B, C = "model/a", "model/b", "model/c"


class MemoryVotes:
    """Votes, notes and verdicts in memory; ``error`` is raised instead of saving, if it is set."""

    def __init__(self):
        self.error = None
        self.saved, self.saved_notes, self.saved_judgements = [], [], []

    async def _save(self, kept, new):
        if self.error is not None:
            raise self.error
        kept.append(new)

    async def save(self, vote):
        await self._save(self.saved, vote)

    async def save_note(self, note):
        await self._save(self.saved_notes, note)

    async def save_judgement(self, judged):
        await self._save(self.saved_judgements, judged)

    async def all(self):
        return self.saved

    async def notes(self):
        return self.saved_notes

    async def judgements(self):
        return self.saved_judgements


class Column(CompareColumn):
    """A column that remembers its error, which only a screen has room for."""

    error = None

    def show_error(self, error, *_, **__):
        self.error = error


class Unasked:
    """No call of a tool waits for a word."""

    def focus(self):
        return False

    def end(self):
        """Nothing is asked."""


class Board:
    """Counts what it is asked to show."""

    def __init__(self):
        self.shown, self.revealed, self.begun = 0, 0, 0

    def show(self):
        self.shown += 1

    show_figures = show_title = match_columns = show

    def begin(self):
        self.begun += 1

    async def reveal(self):
        self.revealed += 1

    async def unhide_where_nobody_answered(self):
        """Nothing is hidden here."""


class CompareDesk:
    """The state of a comparison of some models, and what its helpers said and opened.

    ``windows`` holds the results of the windows that will be opened, in their order.
    """

    def __init__(self, *models, provider=None):
        self.services = Desk(provider or FakeProvider(), policy=RetryPolicy(1))
        self.comparison = Comparison(
            self.services.turns,
            session(),
            [Options(model) for model in models],
            CATALOG.replacement_for,
            records=MemoryRecords(),
        )
        self.votes = MemoryVotes()
        self.board = Board()
        self.said, self.jobs, self.opened, self.windows = [], [], [], []
        self.focused, self.is_writing = None, True
        clock, store = self.services.clock, self.services.store
        self.state = CompareState(
            self.comparison,
            [
                ColumnPresenter(Column(number, FramePacer()), column, clock)
                for number, column in enumerate(self.comparison.columns)
            ],
            Ballot(self.comparison, self.votes, store, clock),
            clock,
            say=lambda words, style="": self.said.append(words),
            focused=lambda: self.focused,
            is_writing=lambda: self.is_writing,
            approving=Unasked(),
        )
        self.columns = self.state.columns

    async def ask(self, window):
        """Open a window, which is closed at once."""
        self.opened.append(window)
        return self.windows.pop(0)

    def answer(self, *numbers):
        """Let some columns have a complete answer."""
        self.comparison.turn = 1
        for number in numbers:
            self.columns[number].view.show_phase(Phase.ANSWERED)
            self.columns[number].column.leaf_id = f"answer{number}"
