"""Parts of entries that fold: the reasoning, and the values of an answer in JSON."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.ui.transcript.entry_store import EntryStore

if TYPE_CHECKING:
    from groqchat.ui.transcript.virtual_list import Shown


class Folding(EntryStore):
    """Entries whose parts can be folded."""

    def fold(self, entry_id: str) -> None:
        """Fold the images, what the cursor in JSON is on, or the reasoning; or the reverse."""
        entry = self.virtual_list.entry(entry_id)
        if entry.thumbnails is not None and entry.thumbnails.pixels:
            folded = replace(entry.thumbnails, is_folded=not entry.thumbnails.is_folded)
            self.update(entry_id, thumbnails=folded)
        elif entry.json is not None and entry.json.cursor is not None:
            self._fold_node(entry_id, entry.json.cursor)
        elif entry.json is not None and not entry.reasoning:
            self.move_in_json(entry_id, 1)
        else:
            self._fold_reasoning(entry_id)

    def fold_parts(self, entry_id: str) -> bool:
        """Fold all parts of an answer in JSON, or unfold them; returns whether it is one."""
        body = self.virtual_list.entry(entry_id).json if entry_id in self.virtual_list else None
        if body is not None:
            self.update(entry_id, json=body.all_toggled())
        return body is not None

    def fold_at(self, shown: Shown) -> bool:
        """Fold or unfold what a row stands for; returns whether it is such a row."""
        entry_id = self.virtual_list.entries.ids[shown.number]
        layout = self.virtual_list.layout(shown.number)
        node = layout.node_at(shown.at)
        if layout.is_fold(shown.at):
            self._fold_reasoning(entry_id)
        elif node is not None:
            self._fold_node(entry_id, node.number)
        return layout.is_fold(shown.at) or node is not None

    def move_in_json(self, entry_id: str, step: int) -> None:
        """Move the cursor of an answer in JSON to the part above (-1) or below (1) that folds."""
        body = self.virtual_list.entry(entry_id).json
        if body is None:
            return
        moved = body.moved(step)
        self.update(entry_id, json=moved)
        if moved.cursor is not None:
            index = self.virtual_list.index(entry_id)
            self.show_row(index, self.virtual_list.layout(index).row_of_node(moved.cursor))

    def leave_json(self, entry_id: str) -> None:
        """Take the cursor of an answer in JSON away."""
        body = self.virtual_list.entry(entry_id).json
        if body is not None and body.cursor is not None:
            self.update(entry_id, json=replace(body, cursor=None))

    def _fold_reasoning(self, entry_id: str) -> None:
        self.update(entry_id, is_folded=not self.virtual_list.entry(entry_id).is_folded)

    def _fold_node(self, entry_id: str, number: int) -> None:
        body = self.virtual_list.entry(entry_id).json
        if body is not None:
            self.update(entry_id, json=body.toggled(number))
