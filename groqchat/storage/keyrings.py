"""Which of the system's keyrings can be trusted with a key, and what their errors mean.

Imported on a thread of its own only: even choosing a keyring may talk to a desktop that never
answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from keyring import core

from groqchat.domain.causes import failure
from groqchat.domain.redact import redact

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

    from groqchat.domain.errors import GroqchatError

# Those that keep secrets encrypted and ask the user; any other must be named by the user.
_TRUSTED = (
    "keyring.backends.SecretService.Keyring",
    "keyring.backends.kwallet.DBusKeyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.macOS.Keyring",
    "keyring.backends.Windows.WinVaultKeyring",
)
_KEEP_NOTHING = ("keyring.backends.null", "keyring.backends.fail")

# Errors of the keyring library, and of SecretStorage below it, which is there on Linux only.
_ABSENT = {"NoKeyringError", "SecretServiceNotAvailableException"}
_LOCKED = {"KeyringLocked", "LockedException", "PromptDismissedException"}


def chosen_keyring() -> KeyringBackend:
    """The keyring that the user names to the keyring library, else the best trusted one.

    Raises:
        StorageError: There is none (``keyring_missing``).
    """
    named = _named()
    if named is not None:
        return _unless_unsafe(named)
    viable = [backend for backend in map(_loaded, _TRUSTED) if backend is not None]
    if not viable:
        raise failure("keyring_missing", detail="no keyring service answers here")
    return max(viable, key=lambda backend: float(backend.priority))


def meaning(error: Exception) -> GroqchatError:
    """The storage error that tells what a keyring's error means."""
    detail = redact(str(error)) or type(error).__name__
    kinds = {kind.__name__ for kind in (type(error), type(error.__cause__))}
    if kinds & _ABSENT:
        return failure("keyring_missing", detail=detail)
    if kinds & _LOCKED:
        return failure("keyring_locked", detail=detail)
    return failure("keyring_refused", detail=detail)


def _named() -> KeyringBackend | None:
    """From ``PYTHON_KEYRING_BACKEND`` or ``keyringrc.cfg``, as the library reads them."""
    try:
        return core.load_env() or core.load_config()
    except Exception as error:  # a name may load any module, which may raise anything
        detail = f"the one named to Python's keyring cannot be used ({redact(str(error))})"
        raise failure("keyring_missing", detail=detail) from error


def _unless_unsafe(backend: KeyringBackend) -> KeyringBackend:
    kind = type(backend)
    if kind.__module__ in _KEEP_NOTHING:
        raise failure("keyring_missing", detail=f"{backend.name} keeps nothing")
    if "plaintext" in kind.__name__.lower():
        raise failure("keyring_missing", detail=f"{backend.name} would keep the key in the clear")
    return backend


def _loaded(name: str) -> KeyringBackend | None:
    try:
        return core.load_keyring(name)
    except Exception:  # noqa: BLE001 - however its probe fails, it cannot work here
        return None
