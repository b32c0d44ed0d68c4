"""The environment of a chat in a browser: what it needs of ours, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Folders, language, keyring, certificates; the last ones are Windows'.
_NAMES = {
    *("HOME", "PATH", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TMPDIR", "NO_COLOR"),
    *("DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND", "SSL_CERT_FILE", "SSL_CERT_DIR"),
    *("SYSTEMROOT", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "TEMP", "TMP", "PATHEXT", "COMSPEC"),
}
_BEGINNINGS = ("GROQ_", "GROQCHAT_", "LC_", "XDG_")
_PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy", "no_proxy"})
# What the page's terminal is; textual-serve names the same.
_TERMINAL = {
    "TERM": "xterm-256color",
    "TERM_PROGRAM": "textual",
    "COLORTERM": "truecolor",
    "TEXTUAL_COLOR_SYSTEM": "truecolor",
    "TEXTUAL_FPS": "60",
    "TEXTUAL_DRIVER": "groqchat.ui.terminal.browser_driver:BrowserDriver",
}


def chat_environment(ours: Mapping[str, str], width: int, height: int) -> dict[str, str]:
    """The environment of the process of one tab.

    Args:
        ours: The environment of the server.
        width: The columns of the page's terminal.
        height: Its rows.
    """
    kept = {name: value for name, value in ours.items() if _is_needed(name)}
    return {**kept, **_TERMINAL, "COLUMNS": str(width), "ROWS": str(height)}


def _is_needed(name: str) -> bool:
    return name in _NAMES or name.startswith(_BEGINNINGS) or name.lower() in _PROXIES
