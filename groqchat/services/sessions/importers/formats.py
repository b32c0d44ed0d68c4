"""The formats of JSON files that other programs export, found by what is in a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, cast

from groqchat.services.sessions.importers import chatgpt, claude, openwebui, parllama

if TYPE_CHECKING:
    from collections import Counter

    from groqchat.services.sessions.importers.conversation import Conversation
    from groqchat.services.sessions.importers.images import ImportedImages
    from groqchat.services.sessions.json_fields import Fields


class Importer(Protocol):
    """The module that reads one format. ``REMARK`` tells what the format does not keep."""

    NAME: str
    REMARK: str

    def recognises(self, document: Fields) -> bool:
        """Whether a document is a conversation of this format."""

    def read(self, document: Fields, omitted: Counter[str], images: ImportedImages) -> Conversation:
        """Read a conversation, counting what is left out.

        Raises:
            ValueError: It cannot be read; the message says why.
        """


IMPORTERS = {
    module.NAME: cast("Importer", module) for module in (chatgpt, claude, openwebui, parllama)
}
"""The readers by the names of their formats."""


def importer_of(document: Fields, form: str | None) -> Importer | None:
    """The reader of a document; None where our own reads it.

    Args:
        document: The document.
        form: The name of the format, or None to find it by the content.
    """
    if form is not None:
        return IMPORTERS.get(form)
    return next((each for each in IMPORTERS.values() if each.recognises(document)), None)
