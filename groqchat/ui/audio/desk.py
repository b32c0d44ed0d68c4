"""What both ways of turning sound into text share: where the text goes, and what is shown."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import at_list_price, duration
from groqchat.services.audio.progress import AudioProgress, limits_left

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from decimal import Decimal

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.services.account.connection import Connection
    from groqchat.services.audio.transcription import AudioEvent, Transcription
    from groqchat.ui.widgets.attaching.attachments import Attaching
    from groqchat.ui.widgets.text import KeyHint
    from groqchat.ui.workspace.workspace import Workspace

    # Sends the same once more; told whether it passes whatever the budget says.
    Again = Callable[[bool], None]


@dataclass(frozen=True, slots=True)
class AudioDesk:
    """The parts of the chat that sound needs.

    ``attaching`` puts texts into the prompt; ``show_error`` shows an error whose keys do what is
    given with it once more, None where nothing can be.
    """

    workspace: Workspace
    attaching: Attaching
    show_error: Callable[[GroqchatError, Again | None], None]

    async def followed(
        self,
        run: Transcription,
        connection: Connection,
        title: str,
        keys: Callable[[], Sequence[KeyHint]],
        press: Callable[[str], None],
    ) -> AsyncGenerator[AudioEvent, None]:
        """The events of a run, whose price, progress, waits and limits are shown meanwhile."""
        await run.recall()
        clock = self.workspace.services.clock
        progress = AudioProgress(run.length_s, clock.monotonic, run.there_s)
        words = partial(_words, run, progress, connection)
        with self.workspace.showing(title, words, keys, press) as card:
            async with aclosing(run.events()) as events:
                async for event in events:
                    progress.follow(event)
                    card.tell()
                    yield event
        await self.workspace.figures.show()


def priced(length_s: float | None, cost: Decimal | None, minimum_note: str) -> str:
    """``12m 30s of sound · $0.0083 at list price``; what is not known is said."""
    if length_s is None:
        return "length and price are known once it is sent"
    figures = (f"{duration(length_s)} of sound", minimum_note, at_list_price(cost))
    return " · ".join(filter(None, figures))


def _words(run: Transcription, progress: AudioProgress, connection: Connection) -> str:
    known = None if run.billed_s is None else run.length_s
    left = limits_left(connection.quota.view(run.model))
    return "\n".join(
        filter(None, (priced(known, run.cost, run.minimum_note), progress.words(), left))
    )
