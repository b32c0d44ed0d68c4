"""The choice of a trusted keyring, and the meaning of keyrings' errors.

Imported only on the keyring's thread: the choice itself may wait for a desktop service that never
answers.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from keyring import core

from groqchat.domain.text.redact import redact
from groqchat.storage.keys.errors import failing_encryption, keyring_error, misnamed
from groqchat.storage.keys.library_keyring import LibraryKeyring

if TYPE_CHECKING:
    from collections.abc import Sequence

    from keyring.backend import KeyringBackend

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.storage.keys.library_keyring import Keyring

# Keyrings that encrypt secrets and ask the user; any other has to be named by the user. Only this
# platform's are tried, since to load another looks for its libraries, which is slow.
_KWALLET = "keyring.backends.kwallet.DBusKeyring"
_TRUSTED_BY_PLATFORM = {
    "darwin": ("keyring.backends.macOS.Keyring",),
    "win32": ("keyring.backends.Windows.WinVaultKeyring",),
}
_FREE_DESKTOP = "keyring.backends.SecretService"
_TRUSTED = (
    f"{_FREE_DESKTOP}.Keyring",
    _KWALLET,
    "keyring.backends.libsecret.Keyring",
    "keyring.backends.kwallet.DBusKeyringKWallet4",
)
_KEEP_NOTHING = ("keyring.backends.null", "keyring.backends.fail")

# Errors of the keyring library, and of SecretStorage below it, which is there on Linux only.
_ABSENT = {"NoKeyringError", "SecretServiceNotAvailableException"}
_DISMISSED = "PromptDismissedException"
_LOCKED = {"KeyringLocked", "LockedException", _DISMISSED}


def open_keyring() -> Keyring:
    """Open the keyring to use.

    Raises:
        StorageError: There is no keyring (``keyring_missing``).
    """
    keyring = chosen_keyring()
    if type(keyring).__module__ == _FREE_DESKTOP:
        from groqchat.storage.keys.secret_service import SecretService

        return SecretService()
    return LibraryKeyring(keyring)


def chosen_keyring() -> KeyringBackend:
    """The keyring that the user has configured for Python's keyring library, else the best trusted.

    Raises:
        StorageError: There is no keyring (``keyring_missing``).
    """
    named = _named()
    if named is not None:
        return _unless_unsafe(named)
    best = next(filter(None, map(_loaded, _trusted())), None)
    if best is None:
        raise keyring_error("keyring_missing", "no keyring service answers here")
    return best


def meaning(error: Exception) -> GroqchatError:
    """The storage error for a keyring's error."""
    detail = redact(_words(error)).rstrip(".! ") or type(error).__name__
    kinds = {kind.__name__ for kind in (type(error), type(error.__cause__))}
    if isinstance(error, TimeoutError):
        return keyring_error("keyring_silent", "the time it was given")
    if "libqca" in detail:
        return failing_encryption(detail)
    if kinds & _ABSENT:
        return keyring_error("keyring_missing", detail)
    if type(error).__name__ == _DISMISSED:
        return keyring_error("keyring_refused", "its dialog was closed, or answered with no")
    if kinds & _LOCKED:
        return keyring_error("keyring_locked", detail)
    return keyring_error("keyring_refused", detail)


def _words(error: Exception) -> str:
    """The message of an error; errors of the message bus have it in their data."""
    data = getattr(error, "data", ())
    return str(data[0] if isinstance(data, tuple) and data else error)


def _trusted() -> Sequence[str]:
    """The trusted keyrings of this platform, best first by the library's priorities."""
    if "KDE" in os.environ.get("XDG_CURRENT_DESKTOP", "").split(":"):
        return sorted(_TRUSTED, key=lambda name: name != _KWALLET)
    return _TRUSTED_BY_PLATFORM.get(sys.platform, _TRUSTED)


def _named() -> KeyringBackend | None:
    """The keyring in ``PYTHON_KEYRING_BACKEND`` or ``keyringrc.cfg``, if one is named."""
    try:
        return core.load_env() or core.load_config()
    except Exception as error:  # a name may load any module, which may raise anything
        detail = f"the one named to Python's keyring cannot be used ({redact(str(error))})"
        raise misnamed(detail) from error


def _unless_unsafe(backend: KeyringBackend) -> KeyringBackend:
    kind = type(backend)
    if kind.__module__ in _KEEP_NOTHING:
        raise misnamed(f"{backend.name} keeps nothing")
    if "plaintext" in kind.__name__.lower():
        raise misnamed(f"{backend.name} would keep the key in the clear")
    return backend


def _loaded(name: str) -> KeyringBackend | None:
    try:
        return core.load_keyring(name)
    except Exception:  # noqa: BLE001 - however its probe fails, it cannot work here
        return None
