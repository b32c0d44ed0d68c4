"""Reactions of the chat to what turns and widgets report.

Textual finds handlers by their names in the class of the screen. Handlers for widgets that are
imported after the first frame stand here instead, and the screen hands their messages on.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import KeyRejectedError
from groqchat.domain.text.humanize import counted
from groqchat.domain.turns.answer_form import asked_form, mismatch_error
from groqchat.domain.turns.chat import State
from groqchat.domain.turns.finish_reasons import GOES_ON
from groqchat.services.checking.checker import mismatch_of
from groqchat.ui.conversation.session_view import SessionView
from groqchat.ui.conversation.turn_messages import (
    QuotaMoved,
    TurnAsks,
    TurnBegan,
    TurnCalls,
    TurnEnded,
    TurnFailed,
    TurnGoesOn,
    TurnLacksTools,
    TurnRerouted,
    TurnSends,
    TurnStopped,
    TurnWaits,
)
from groqchat.ui.dialogs.chip_viewer import show_chip
from groqchat.ui.sessions.shown_images import show_images_of
from groqchat.ui.transcript.view import Transcript
from groqchat.ui.widgets.attaching.chip_area import ChipArea
from groqchat.ui.widgets.find_bar import FindBar
from groqchat.ui.widgets.quota_panel import QuotaPanel
from groqchat.ui.widgets.session_list import SessionList
from groqchat.ui.widgets.toasts import Toasts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from textual.message import Message as Event

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.turns.chat import Message
    from groqchat.services.turns.running_turn import RunningTurn
    from groqchat.ui.chat.prompting import Prompting
    from groqchat.ui.chat.remedies import Remedies
    from groqchat.ui.chat.screen_turns import ScreenTurns
    from groqchat.ui.chat.turn_cards import TurnCards
    from groqchat.ui.keys.actions import KeyActions
    from groqchat.ui.sessions.actions import SessionActions
    from groqchat.ui.sessions.opening import SessionListing, SessionOpening
    from groqchat.ui.workspace.workspace import Workspace


class TurnEvents:
    """Shows the course of turns in composer, toasts, figures and the list of sessions.

    A turn of a session that is not being read shows in the list alone, and in the figures that all
    sessions share.

    Args:
        workspace: The parts of the chat.
        prompting: Takes stored prompts out of the composer, and gives unanswered ones back.
        cards: The cards about the turn of the session that is being read.
        listing: The list of sessions.
        keys: Has a key entered in the place of one that was rejected.
    """

    def __init__(
        self,
        workspace: Workspace,
        prompting: Prompting,
        cards: TurnCards,
        listing: SessionListing,
        keys: KeyActions,
    ) -> None:
        self._workspace = workspace
        self._prompting = prompting
        self._reporter = cards.reporter
        self._cards = cards
        self._listing = listing
        self._keys = keys

    async def handle(self, event: Event) -> None:
        """Act on what a turn reports."""
        match event:
            case QuotaPanel.Refilled():
                self._workspace.figures.refill()
            case QuotaMoved():
                self._workspace.figures.show_quota_soon()
            case TurnBegan():
                self._began(event.turn)
            case TurnSends() | TurnWaits() | TurnRerouted() | TurnGoesOn():
                self._moved(event)
            case TurnAsks() | TurnCalls() | TurnLacksTools():
                self._called(event)
                if isinstance(event, TurnCalls) and self._is_read(event.turn):
                    await self._workspace.figures.show_costs()
            case TurnEnded():
                await self._ended(event.turn)
                self._tell_cut(event.turn)
                self._tell_mismatch(event.turn)
            case TurnStopped():
                await self._stopped(event.turn)
            case TurnFailed():
                await self._failed(event.turn)

    def _is_read(self, turn: RunningTurn) -> bool:
        return self._workspace.conversation.shows(turn)

    def _began(self, turn: RunningTurn) -> None:
        """Clear what stood in the way of the last turn; the prompt is stored."""
        self._prompting.began(turn)
        if self._is_read(turn):
            self._workspace.toasts.clear_errors()
            self._workspace.toasts.clear_notices()
            self._workspace.figures.turn_began()
        self._workspace.run_alone(self._listing.refresh_soon, group="sessions")

    def _moved(self, event: TurnSends | TurnWaits | TurnRerouted | TurnGoesOn) -> None:
        """Show that a request waits, is sent, or goes elsewhere."""
        is_read, toasts = self._is_read(event.turn), self._workspace.toasts
        match event:
            case TurnSends():
                if is_read:
                    toasts.end_wait()
            case TurnWaits():
                self._reporter.record(event.waiting.error, event.turn)
                if is_read and event.turn.waiting is event.waiting:
                    self._cards.show_wait(event.waiting)
            case TurnGoesOn():
                if is_read:
                    toasts.notice(GOES_ON)
            case TurnRerouted():
                self._reporter.record(event.rerouted.error, event.turn)
                if is_read:
                    toasts.notice(event.rerouted.sentence, severity="warning")
        self._listing.show_marks()

    def _called(self, event: TurnAsks | TurnCalls | TurnLacksTools) -> None:
        """Ask whether a tool may run, or show that it does."""
        turn = event.turn
        if isinstance(event, TurnLacksTools):
            self._reporter.record(event.failed.error, turn)
            if self._is_read(turn):
                self._workspace.toasts.notice(event.failed.sentence, severity="warning")
        elif self._is_read(turn):
            self._cards.end_approval()
            self._workspace.figures.show_quota_soon()
            if turn.approval is not None:
                self._cards.show_approval(turn.approval)
        self._listing.show_marks()

    def _tell_cut(self, turn: RunningTurn) -> None:
        """Say what cut an answer, and how to go on."""
        is_cut = turn.answer is not None and turn.answer.state is State.CUT_BY_LIMIT
        if not (is_cut and self._is_read(turn)):
            return
        longest = self._workspace.conversation.options.max_tokens
        cut = (
            f"at {counted(longest, 'token')}, as /max-tokens says"
            if longest
            else "at the longest that your limits and the model allow"
        )
        self._workspace.notify(f"The answer was cut {cut}. /continue goes on where it ends.")

    def _tell_mismatch(self, turn: RunningTurn) -> None:
        """Say what is wrong with an answer in JSON that is not what was asked for."""
        if turn.answer is None or turn.answer.state is not State.COMPLETE:
            return
        form = asked_form(turn.answer.asked_with)
        if form is None:
            return
        wrong = form.mismatches(turn.answer.content, with_patterns=False)
        if wrong and self._is_read(turn):
            self._reporter.show_about(turn, mismatch_error(turn.answer, wrong))
        elif not wrong and form.has_patterns:  # the screen waits for no pattern
            self._workspace.run(self._try_patterns(turn, turn.answer), group="patterns")

    async def _try_patterns(self, turn: RunningTurn, answer: Message) -> None:
        error = await mismatch_of(answer)
        if error is not None and self._is_read(turn):
            self._reporter.show_about(turn, error)

    async def _stopped(self, turn: RunningTurn) -> None:
        if turn.answer is None and turn.last is None:
            self._prompting.give_back(turn.prompt)
        await self._ended(turn)

    async def _failed(self, turn: RunningTurn) -> None:
        """Show the error; an unanswered prompt goes back to be edited."""
        error = turn.error
        if turn.answer is None and turn.last is None:
            self._prompting.give_back(turn.prompt)
        if error is not None and self._is_read(turn):
            self._reporter.show_failed(turn)
        elif error is not None:
            self._reporter.record(error, turn)
        await self._ended(turn)
        if isinstance(error, KeyRejectedError) and self._is_read(turn):
            self._workspace.run(self._replace_key(turn, error), group="command")

    async def _replace_key(self, turn: RunningTurn, error: GroqchatError) -> None:
        """Have a key entered, unless somebody writes; then the error's own key does that.

        What is written is looked at last: the letters behind it would go into the dialog.
        """
        prompt = turn.prompt.content if turn.prompt else ""
        if self._workspace.composer.text in {"", prompt}:
            await self._keys.ask(error)

    async def _ended(self, turn: RunningTurn) -> None:
        """Show quota, cost and sessions as they are after a turn."""
        figures = self._workspace.figures
        if self._is_read(turn):
            self._workspace.toasts.end_wait()
            self._cards.end_approval()
            figures.turn_ended(
                turn.answer or await self._workspace.conversation.branch.last_answer()
            )
        await asyncio.gather(figures.show(), self._listing.refresh())
        if not self._is_read(turn):
            await self._listing.tell_end(turn)


class WidgetEvents:
    """Acts on what is chosen, typed or clicked in the widgets around the composer.

    Args:
        workspace: The parts of the chat.
        opening: Opens sessions.
        cards: The cards about the turn of the session that is being read.
        remedies: Carries out the remedies of errors.
        turns: Edits prompts and regenerates answers.
        sessions: Copies messages.
        open_url: Opens an address in the browser.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        opening: SessionOpening,
        cards: TurnCards,
        remedies: Remedies,
        turns: ScreenTurns,
        sessions: SessionActions,
        open_url: Callable[[str], None],
    ) -> None:
        self._workspace = workspace
        self._area, self._run = workspace.composer.area, workspace.run
        self._opening = opening
        self._cards = cards
        self._remedies = remedies
        self._turns = turns
        self._sessions = sessions
        self._open_url = open_url

    async def handle(self, event: Event) -> None:
        """Act on what a widget reports."""
        match event:
            case SessionView.Opened():
                self._cards.leave()
                await self._opening.opened(is_put_back=event.is_put_back)
                self._cards.arrive()
            case SessionList.Chosen():
                self._opening.choose(event.session_id)
            case ChipArea.ChipOpened():
                self._run(show_chip(event.chip, self._area, self._workspace.ask), group="command")
            case FindBar.Closed():
                self._area.focus()
            case Transcript.LinkClicked():
                self._open_url(event.href)
            case Transcript.LinksAsked():
                self._run(self._choose_link(event.hrefs), group="command")
            case Transcript.Asked():
                self._act_on_message(event)
            case _:
                await self._act_on_card(event)

    async def _choose_link(self, hrefs: Sequence[str]) -> None:
        """Open the only address, or the one that the user chooses."""
        from groqchat.ui.dialogs.link_picker import LinkPicker

        chosen = hrefs[0] if len(hrefs) == 1 else None
        if chosen or (chosen := await self._workspace.ask(LinkPicker(hrefs))):
            self._open_url(chosen)

    async def _act_on_card(self, event: Event) -> None:
        """Act on a key that was pressed on a card."""
        match event:
            case Toasts.Dismissed():
                self._area.focus()
                self._cards.put_away(event.error)
            case Toasts.Chosen():
                self._area.focus()
                self._cards.put_away(event.error)
                self._run(self._remedies.carry_out(event.action, event.error), group="command")
            case Toasts.Typed():
                self._area.focus()
                self._area.type_text(event.character)
            case Toasts.Entered():
                self._area.focus()
                self._area.action_send()
            case Toasts.SendNow():
                if (turn := self._workspace.conversation.turn) is not None:
                    turn.skip_wait.set()
            case Toasts.WaitCancelled():
                await self._workspace.conversation.stop()

    def _act_on_message(self, event: Transcript.Asked) -> None:
        """Act on a key that was pressed on a message."""
        turns, sessions, run = self._turns, self._sessions, self._run
        match event:
            case Transcript.EditAsked():
                run(turns.edit(event.entry_id), group="command")
            case Transcript.RegenerateAsked():
                run(turns.regenerate(event.entry_id), group="command")
            case Transcript.CopyAsked():
                run(sessions.copy(event.entry_id), group="command")
            case Transcript.ForkAsked():
                run(sessions.tree.fork_at(event.entry_id), group="command")
            case Transcript.DetailsAsked():
                run(sessions.show_details(event.entry_id), group="command")
            case Transcript.ImagesAsked():
                shown = show_images_of(self._workspace, event.entry_id, event.words)
                run(shown, group="command")
            case Transcript.DeleteAsked():
                run(sessions.tree.deletion.delete_one(event.entry_id), group="command")
            case Transcript.CodeCopyAsked():
                run(sessions.copy(event.entry_id, event.number), group="command")
