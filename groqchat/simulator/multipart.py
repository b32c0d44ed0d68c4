"""Parser of multipart/form-data uploads."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from groqchat.simulator.faults.refusals import bad_request

_BOUNDARY = re.compile(r'\bboundary="?([^";]+)"?')
_NAME = re.compile(rb'\bname="([^"]*)"')
_FILENAME = re.compile(rb'\bfilename="([^"]*)"')


@dataclass(slots=True)
class Form:
    """The fields of a form and its file; ``file`` is None where none was sent."""

    fields: dict[str, str] = field(default_factory=dict)
    filename: str = ""
    file: bytes | None = None


def read_form(content_type: str, body: bytes) -> Form:
    """Parse a multipart body.

    Raises:
        RefusedError: 400 when the body is not a multipart form.
    """
    boundary = _BOUNDARY.search(content_type)
    if boundary is None or not content_type.startswith("multipart/form-data"):
        message = "request Content-Type isn't multipart/form-data"
        raise bad_request(message)
    form = Form()
    for part in body.split(b"--" + boundary[1].encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        content = content.removesuffix(b"\r\n")
        name, filename = _NAME.search(head), _FILENAME.search(head)
        if filename is not None:
            form.filename, form.file = filename[1].decode("utf-8", "replace"), content
        elif name is not None:
            _add(
                form.fields, name[1].decode("utf-8", "replace"), content.decode("utf-8", "replace")
            )
    return form


def _add(fields: dict[str, str], name: str, value: str) -> None:
    """Add a field; the values of one whose name ends in ``[]`` are a list, kept with commas."""
    is_list = name.endswith("[]") and name in fields
    fields[name] = f"{fields[name]},{value}" if is_list else value
