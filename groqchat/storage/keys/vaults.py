"""What a keyring is asked for, and how those are asked that Python's keyring library knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from groqchat.domain.text.secret import Secret
from groqchat.storage.keys.errors import keyring_error

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

    from groqchat.storage.keys.questions import KeyringDialog

# What our entries are called, in every keyring.
SERVICE = "groqchat"


class Vault(Protocol):
    """What a keyring is asked for, with the question that it may have for its user."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def is_alive(self) -> bool:
        """Whether what leads to it still stands."""

    def read(self, profile: str, dialog: KeyringDialog) -> Secret | None:
        """The key of a profile, if there is one."""

    def write(self, profile: str, key: Secret, dialog: KeyringDialog) -> None:
        """Keep a key, in place of the one that is there."""

    def remove(self, profile: str, dialog: KeyringDialog) -> bool:
        """Forget a key; returns whether there was one."""

    def close(self) -> None:
        """Let go of what leads to it."""


class LibraryVault:
    """A keyring behind Python's keyring library.

    What happens in there is not seen: while it takes its time, it may be asking its user.
    """

    is_alive = True

    def __init__(self, keyring: KeyringBackend) -> None:
        self._keyring = keyring

    @property
    def name(self) -> str:
        """What the library calls it."""
        return self._keyring.name

    def read(self, profile: str, dialog: KeyringDialog) -> Secret | None:
        """The key of a profile, if there is one."""
        with dialog.open(is_assumed=True):
            found = self._keyring.get_password(SERVICE, profile)
        return Secret(found) if found else None

    def write(self, profile: str, key: Secret, dialog: KeyringDialog) -> None:
        """Keep a key.

        Raises:
            StorageError: The keyring took it, but does not have it.
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
        """Forget a key; returns whether there was one."""
        if self.read(profile, dialog) is None:
            return False
        with dialog.open(is_assumed=True):
            self._keyring.delete_password(SERVICE, profile)
        return True

    def close(self) -> None:
        """Nothing is held open."""
