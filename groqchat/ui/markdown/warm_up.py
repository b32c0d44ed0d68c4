"""Load what the renderer needs, before it is needed."""

from __future__ import annotations

from groqchat.ui.markdown.highlight import colour
from groqchat.ui.markdown.inline import spans
from groqchat.ui.markdown.lexers import COMMON


def warm_up() -> None:
    """Import the parser, the lexers and their tables; about 0.2 s, meant for a thread."""
    spans("*warm* `up` https://example.org")
    for language in COMMON:
        colour(["x = 1"], language)
