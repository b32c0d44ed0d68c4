"""Advice on a keyring that does not work, for the machine at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.text.secret import KEY_VARIABLE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WITHOUT = "Or do without: set GROQ_API_KEY, or key_command (`pass groq`) in config.toml."
QUESTION = "Your keyring is asking you: its dialog may be behind other windows."
SILENCE = "Waiting for your keyring: it may be asking you, in a dialog behind other windows."
_CONTAINER_MARKS = ("/.dockerenv", "/run/.containerenv")
_UNLOCK = "`gnome-keyring-daemon --unlock` reads its password from standard input."

# By the beginnings of the names of processes, which Linux cuts at 15 bytes.
PROGRAMS: Mapping[str, str] = {
    "gnome-keyring": "GNOME Keyring",
    "kwalletd": "KWallet",
    "keepassxc": "KeePassXC",
}
# How each behaves when a key is stored or read, seen with KeePassXC 2.7.4 and KWallet 5.103.
_HABITS: Mapping[str, str] = {
    "KWallet": "KWallet asks for its password while the wallet is closed, and makes the wallet in "
    "a dialog at the first use; an open one asks nothing.",
    "KeePassXC": "KeePassXC needs an open database with a shared group (Database settings → "
    "Secret Service Integration). It asks at each reading unless its confirmations are off, and "
    "always when a key is replaced.",
}

# For each place, by what is wrong; "" is for whatever else is.
_ADVICE: Mapping[str, Mapping[str, str]] = {
    "macOS": {
        "keyring_refused": "Choose “Always Allow” in the dialog; each new Python asks once more.",
        "": "Unlock the login keychain: over SSH with `security unlock-keychain`.",
    },
    "Windows": {"": "Start the service “Credential Manager” (VaultSvc) and sign in again."},
    "WSL": {
        "keyring_missing": "WSL has no keyring: install gnome-keyring and dbus-x11 in it, then "
        "start groqchat with `dbus-run-session`.",
        "": f"WSL unlocks no keyring when it starts: {_UNLOCK}",
    },
    "container": {
        "keyring_missing": "Containers have no keyring: set GROQ_API_KEY from your container "
        "platform's secrets.",
        "": "Nobody unlocks a keyring in a container: set GROQ_API_KEY from your container "
        "platform's secrets.",
    },
    "SSH": {
        "keyring_missing": "An SSH session has no message bus: start groqchat with "
        "`dbus-run-session`, or set DBUS_SESSION_BUS_ADDRESS to unix:path=/run/user/$UID/bus.",
        "": f"A keyring is not unlocked by signing in over SSH: {_UNLOCK}",
    },
    "headless": {
        "keyring_missing": "Install gnome-keyring and dbus, and start groqchat with "
        "`dbus-run-session`.",
        "": f"Nobody can be asked to unlock it without a display: {_UNLOCK}",
    },
    "desktop": {
        "keyring_missing": "Install gnome-keyring or KWallet and sign in again.",
        "keyring_closed": "Open your database in KeePassXC and share a group of it (Database "
        "settings → Secret Service Integration), or unlock the keyring that you use.",
        "keyring_refused": "Allow it in the keyring's dialog, or change its settings there.",
        "": "Unlock it in Passwords and Keys (seahorse), KWalletManager or KeePassXC; its dialog "
        "may be behind other windows.",
    },
}


_WITH_DIALOGS_OF_THEIR_OWN = frozenset({"macOS", "Windows"})


def place(platform: str, environ: Mapping[str, str], exists: Callable[[str], bool]) -> str:
    """The kind of machine, as far as it decides which keyring there is.

    Args:
        platform: As ``sys.platform`` has it.
        environ: The environment.
        exists: Whether a path exists.
    """
    if platform in {"darwin", "win32"}:
        return {"darwin": "macOS", "win32": "Windows"}[platform]
    if environ.get("WSL_DISTRO_NAME"):
        return "WSL"
    if environ.get("KUBERNETES_SERVICE_HOST") or any(map(exists, _CONTAINER_MARKS)):
        return "container"
    if environ.get("SSH_CONNECTION"):
        return "SSH"
    has_display = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    return "desktop" if has_display else "headless"


def advice(cause: str, where: str) -> str:
    """The advice there on a cause such as ``keyring_locked``."""
    if cause == "keyring_refused" and where not in _WITH_DIALOGS_OF_THEIR_OWN:
        where = "desktop"  # somebody was asked, wherever this is
    known = _ADVICE[where]
    said = known.get(cause, known[""])
    return said if KEY_VARIABLE in said else f"{said} {WITHOUT}"


def habits(program: str) -> str:
    """What somebody who keeps keys in a program has to expect of it; may be empty."""
    return _HABITS.get(program, "")


def other_profiles(names: Sequence[str]) -> str:
    """The advice for a profile without a key where keys are stored under other names."""
    if not names:
        return ""
    return (
        f"Keys are stored as {', '.join(names)}: `groqchat key use {names[0]}` uses one from now "
        f"on, --profile {names[0]} this once."
    )
