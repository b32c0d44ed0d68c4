"""The causes of the table for the chat in a browser, and for editors."""

from __future__ import annotations

from groqchat.domain.errors.cause import Action, Cause, ErrorKind

WEB_CAUSES = (
    Cause(
        "web_package", ErrorKind.STORAGE, "Package missing",
        "The package that shows the chat in a browser is not installed.",
        "Install it: {detail}",
        "Install it with groqchat.",
        actions=(Action.DETAILS,),
    ),
    Cause(
        "no_editor_here", ErrorKind.STORAGE, "No editor in a browser",
        "A page has no terminal for an editor.",
        "Write in the composer. Files such as config.toml can be edited outside the browser.",
        "Use an editor outside the browser.",
        actions=(Action.DETAILS,),
    ),
    Cause(
        "editor", ErrorKind.STORAGE, "No editor",
        "The editor {detail}.",
        "Set VISUAL or EDITOR to one that is installed, such as nano, and start groqchat again.",
        "Set VISUAL or EDITOR where your shell starts.",
        actions=(Action.DETAILS,),
    ),
    Cause(
        "web_address", ErrorKind.STORAGE, "Address not free",
        "Nothing can be served at {detail}.",
        "Name another port or an address of this machine, as `groqchat serve -h` shows.",
        "Name no port: a free one is chosen.",
        actions=(Action.DETAILS,),
    ),
)  # fmt: skip
