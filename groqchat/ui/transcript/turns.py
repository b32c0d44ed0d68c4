"""Scrolls a transcript from turn to turn: each prompt comes to the top of the viewport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.ui.transcript.entries import EntryKind

if TYPE_CHECKING:
    from groqchat.ui.transcript.view import Transcript


def show_turn(transcript: Transcript, step: int) -> None:
    """Show the prompt above (-1) or below (1) what is read, with the cursor on it.

    Below the last one comes the end, which is followed again; above the first, the beginning.
    """
    entries, listed = transcript.virtual_list.entries, transcript.virtual_list
    if not entries:
        return
    at = _start(transcript, step) + step
    while 0 <= at < len(entries) and entries[at].role is not EntryKind.USER:
        at += step
    if at >= len(entries):
        transcript.current = entries.ids[-1]
        transcript.follow()
    elif at < 0:
        transcript.action_home()
    else:
        transcript.current = entries.ids[at]
        top, height = listed.top(at), transcript.window.height
        top += listed.settle(top, top + height, top)
        transcript.scroll_to(y=top, animate=False)


def _start(transcript: Transcript, step: int) -> int:
    """The entry to start from: a prompt in sight with the cursor, else that of the top row."""
    listed, top = transcript.virtual_list, transcript.scroll_offset.y
    if transcript.current is not None and transcript.current in listed:
        at = listed.index(transcript.current)
        is_in_sight = top <= listed.top(at) < top + transcript.window.height
        if is_in_sight and listed.entries[at].role is EntryKind.USER:
            return at
    shown = transcript.row_at(0)
    if shown is None:
        return len(listed.entries)
    # A prompt whose first row has been scrolled away is itself above the top.
    return shown.number + (1 if step < 0 and shown.at > 0 else 0)
