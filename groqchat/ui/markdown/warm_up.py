"""Load what the renderer needs, before it is needed."""

from __future__ import annotations

from groqchat.ui.markdown.highlight import colour
from groqchat.ui.markdown.inline import spans

_COMMON = ("python", "json", "bash", "javascript")


def warm_up() -> None:
    """Import the parser, the lexers and their tables; about 0.2 s, meant for a thread."""
    spans("*warm* `up` https://example.org")
    for language in _COMMON:
        colour(["x = 1"], language)
