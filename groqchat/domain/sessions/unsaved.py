"""The session that is not saved yet, since it has no message."""

from __future__ import annotations

from typing import Final

UNSAVED: Final = "new"
"""The name under which its draft is kept."""
