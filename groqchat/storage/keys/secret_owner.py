"""The program behind the Secret Service of a desktop, as the session's message bus tells it."""

from __future__ import annotations

from pathlib import Path

from groqchat.domain.errors.keyring_advice import PROGRAMS

# The bus is asked for this long, in seconds.
_LONGEST_S = 2.0


def secret_owner() -> str:
    """The name of the program that owns ``org.freedesktop.secrets`` now.

    ``GetNameOwner`` and ``GetConnectionUnixProcessID`` (D-Bus specification, message bus messages)
    start nothing, open no dialog and read no entry.

    Returns:
        "GNOME Keyring", "KWallet" or "KeePassXC", another program's own name, or "" where there is
        no bus or nobody owns the name.
    """
    try:
        from jeepney import DBusErrorResponse  # type: ignore[import-untyped]  # it has none
        from jeepney.bus_messages import message_bus  # type: ignore[import-untyped]
        from jeepney.io.blocking import (  # type: ignore[import-untyped]
            Proxy,
            open_dbus_connection,
        )
        from secretstorage.util import BUS_NAME
    except ImportError:  # a system whose keyring is on no bus
        return ""
    # No bus or none that is spoken here, no leave to use it, no answer in time, an owner that went.
    unanswered = (OSError, KeyError, ValueError, RuntimeError, DBusErrorResponse)
    try:
        with open_dbus_connection() as connection:
            bus = Proxy(message_bus, connection, timeout=_LONGEST_S)
            if not bus.NameHasOwner(BUS_NAME)[0]:
                return ""
            process = bus.GetConnectionUnixProcessID(BUS_NAME)[0]
        name = Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip()
    except unanswered:
        return ""
    return next((said for start, said in PROGRAMS.items() if name.startswith(start)), name)
