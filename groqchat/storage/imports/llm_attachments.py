"""The images in the log of ``llm``: those whose bytes it keeps."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.services.sessions.json_fields import Fields
from groqchat.storage.imports.tables import text_of

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable

    from groqchat.domain.images.image import Image
    from groqchat.services.sessions.importers.images import ImportedImages
    from groqchat.storage.database.rows import Row
    from groqchat.storage.imports.tables import Tables

ATTACHMENT = "attachment"
"""The type of the part of a message that names one."""


class LogAttachments:
    """The attachments of a log; what is no image, or was given by its path, is counted.

    A path may lead anywhere, so that no file is read for it.

    Args:
        tables: The tables of the log.
        omitted: Counts what is left out, by its name.
        images: Takes the images.
    """

    def __init__(self, tables: Tables, omitted: Counter[str], images: ImportedImages) -> None:
        rows = tables.rows("attachments", "id", "type", "content")
        self._kept = {name: (text_of(kind), content) for name, kind, content in rows}
        links = tables.grouped("prompt_attachments", "response_id", "order", "attachment_id")
        self._links = links
        self._omitted = omitted
        self._images = images

    def of_response(self, response_id: object) -> tuple[Image, ...]:
        """The images of the prompt of a response, as versions before 0.32 keep them."""
        return self._taken(name for _, name in self._links.get(response_id, []))

    def of_parts(self, parts: Iterable[Row]) -> tuple[Image, ...]:
        """The images of the parts of a message: rows of a position, type, text and payload."""
        payloads = (payload for _, kind, _, payload in parts if kind == ATTACHMENT)
        return self._taken(map(_name_in, payloads))

    def _taken(self, names: Iterable[object]) -> tuple[Image, ...]:
        found = []
        for name in names:
            kind, content = self._kept.get(name, ("", None))
            if kind.startswith("image/"):
                data = content if isinstance(content, bytes) else None
                found.append(self._images.of_bytes(data, "", self._omitted))
            else:
                self._omitted["attached file"] += 1
        return tuple(filter(None, found))


def _name_in(payload: object) -> str | None:
    try:
        fields = Fields.of(json.loads(payload) if isinstance(payload, str) else None)
    except (ValueError, RecursionError):
        return None
    return fields.inner("attachment").text("id")
