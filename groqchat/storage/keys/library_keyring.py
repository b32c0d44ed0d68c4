"""The operations of a keyring, and the keyrings of Python's keyring library."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from groqchat.domain.text.secret import Secret
from groqchat.storage.keys.errors import keyring_error

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

    from groqchat.storage.keys.keyring_dialog import KeyringDialog

# The service name of groqchat's entries in every keyring.
SERVICE = "groqchat"


class Keyring(Protocol):
    """The operations of a keyring, each with the dialog that it may open."""

    @property
    def name(self) -> str:
        """The name of the keyring."""

    @property
    def is_alive(self) -> bool:
        """Whether the connection to the keyring works."""

    def read(self, profile: str, dialog: KeyringDialog) -> Secret | None:
        """The key of a profile; None if there is none."""

    def write(self, profile: str, key: Secret, dialog: KeyringDialog) -> None:
        """Store a key; it replaces an earlier one."""

    def remove(self, profile: str, dialog: KeyringDialog) -> bool:
        """Remove a key; returns whether there was one."""

    def close(self) -> None:
        """Close the connection to the keyring."""


class LibraryKeyring:
    """A keyring of Python's keyring library.

    The library does not report dialogs: a call that takes long may be waiting for the user.
    """

    is_alive = True

    def __init__(self, keyring: KeyringBackend) -> None:
        self._keyring = keyring

    @property
    def name(self) -> str:
        """The name that the library gives the keyring."""
        return self._keyring.name

    def read(self, profile: str, dialog: KeyringDialog) -> Secret | None:
        """The key of a profile; None if there is none."""
        with dialog.open(is_assumed=True):
            found = self._keyring.get_password(SERVICE, profile)
        return Secret(found) if found else None

    def write(self, profile: str, key: Secret, dialog: KeyringDialog) -> None:
        """Store a key and check that it is stored.

        Raises:
            StorageError: The keyring accepted the key but has not stored it.
        """
        with dialog.open(is_assumed=True):
            self._keyring.set_password(SERVICE, profile, key.reveal())
        try:
            kept = self.read(profile, dialog)
        except Exception:  # noqa: BLE001 - that it may not be read now does not say that it is lost
            return
        if kept != key:
            raise keyring_error("keyring_refused", f"{self.name} did not keep the key")

    def remove(self, profile: str, dialog: KeyringDialog) -> bool:
        """Remove a key; returns whether there was one."""
        if self.read(profile, dialog) is None:
            return False
        with dialog.open(is_assumed=True):
            self._keyring.delete_password(SERVICE, profile)
        return True

    def close(self) -> None:
        """Do nothing: the library keeps no connection."""
