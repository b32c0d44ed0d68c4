"""Entries of a transcript, and stubs of entries whose text is not loaded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypedDict

from groqchat.domain.structured.tree import beside

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.images.image import Image
    from groqchat.domain.structured.tree import Node
    from groqchat.domain.turns.answer_form import AskedForm
    from groqchat.ui.transcript.picture_lines import Pixels


class EntryKind(StrEnum):
    """The author of an entry, or what kind of note an entry is."""

    USER = "user"
    ASSISTANT = "assistant"
    NOTICE = "notice"
    TOOL = "tool"


class EntryState(StrEnum):
    """The state of an entry; the value is shown beside its label."""

    DONE = ""
    STREAMING = "● answering"
    WAITING = "○ waiting"
    STOPPED = "■ stopped"
    BROKEN = "✗ broken off"
    INCOMPLETE = "… cut short"
    UNANSWERED = "✗ no answer"


@dataclass(frozen=True, slots=True)
class JsonBody:
    """The body of an answer in JSON, shown as a tree.

    Attributes:
        nodes: All values, in the order of the text.
        remarks: Lines below the tree: whether it is what was asked for.
        is_wrong: Whether the remarks say what is wrong.
        untried: What was asked for, where its patterns were not tried yet.
        folded: The numbers of the folded nodes.
        cursor: The number of the node that the keys act on, if they were used.
    """

    nodes: tuple[Node, ...]
    remarks: tuple[str, ...] = ()
    is_wrong: bool = False
    untried: AskedForm | None = None
    folded: frozenset[int] = frozenset()
    cursor: int | None = None

    def toggled(self, number: int) -> JsonBody:
        """The body with a node folded, or no longer; the cursor is on it."""
        return replace(self, folded=self.folded ^ {number}, cursor=number)

    def all_toggled(self) -> JsonBody:
        """The body with all nodes in the outermost value folded, or none if any is."""
        inner = (node.number for node in self.nodes if node.depth and node.can_fold)
        return replace(self, folded=frozenset() if self.folded else frozenset(inner), cursor=None)

    def moved(self, step: int) -> JsonBody:
        """The body with the cursor on the node above (-1) or below (1) that can be folded."""
        return replace(self, cursor=beside(self.nodes, self.folded, self.cursor, step))


@dataclass(frozen=True, slots=True)
class Thumbnails:
    """The images of a prompt, drawn small below its text.

    Attributes:
        images: The images, as their marks name them.
        pixels: The rows of pixels of each; None until they were read, and nothing where none is
            drawn.
        is_folded: Whether they are left out.
    """

    images: tuple[Image, ...]
    pixels: Sequence[Pixels] | None = None
    is_folded: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One message.

    Attributes:
        id: Names it for good.
        role: Decides the look: a user's text is literal, an assistant's Markdown.
        label: Who speaks, as shown ("You", a model id); of a notice, all there is to say.
        time: When the message began, shown behind the label unless empty.
        day: The day that begins with the message, shown above it unless empty.
        text: The source, or None for a stub whose text is asked for when it comes into view.
        size: About how many characters a stub's text has.
        reasoning: What the model thought before it answered; Markdown, shown dim.
        reasoning_label: Replaces "thought" in the line above the reasoning ("thought for 3 s").
        is_folded: Whether the reasoning is folded to that one line.
        state: Shown beside the label unless done.
        version: Shown beside the label (``2/3``) unless empty.
        footer: Plain text below the body (model, tokens, cost), or empty.
        numbers_code: Whether digits copy the code blocks of the body, which show their numbers.
        json: The body as a tree, in the place of the text, of an answer in JSON.
        thumbnails: The images of a prompt.
    """

    id: str
    role: EntryKind
    label: str = ""
    text: str | None = ""
    size: int = 0
    reasoning: str = ""
    reasoning_label: str = ""
    is_folded: bool = True
    state: EntryState = EntryState.DONE
    version: str = ""
    footer: str = ""
    numbers_code: bool = True
    json: JsonBody | None = None
    time: str = ""
    day: str = ""
    thumbnails: Thumbnails | None = None

    @property
    def is_incomplete(self) -> bool:
        """Whether something of it is still to come: tried patterns, or pixels of its images."""
        is_untried = self.json is not None and self.json.untried is not None
        return is_untried or (self.thumbnails is not None and self.thumbnails.pixels is None)

    @property
    def drawn_images(self) -> Sequence[Image]:
        """The images that are drawn now."""
        small = self.thumbnails
        if small is None or small.is_folded or not small.pixels:
            return ()
        return [image for image, rows in zip(small.images, small.pixels, strict=False) if rows]

    @property
    def is_stub(self) -> bool:
        """Whether the text has to be asked for."""
        return self.text is None

    @property
    def length(self) -> int:
        """About how many characters there are to lay out."""
        body = self.size if self.text is None else len(self.text)
        return body if self.is_folded else body + len(self.reasoning)


def _none(_index: int) -> Entry:
    raise IndexError


@dataclass(frozen=True, slots=True)
class Stubs:
    """Stubs by the thousands, of which only those are made that are looked at.

    Attributes:
        ids: Of all, in order.
        lengths: About how many characters the text of each has.
        make: Makes the one at a place.
    """

    ids: Sequence[str] = ()
    lengths: Sequence[int] = ()
    make: Callable[[int], Entry] = _none


class Changes(TypedDict, total=False):
    """Fields of an `Entry` that may change while it is shown."""

    label: str
    text: str
    reasoning: str
    reasoning_label: str
    is_folded: bool
    state: EntryState
    version: str
    footer: str
    json: JsonBody | None
    time: str
    day: str
    thumbnails: Thumbnails | None
