"""The Secret Service of a desktop (gnome-keyring, KeePassXC, KWallet), over one connection.

KeePassXC allows access to an entry per connection, after asking its user. So one connection is
kept, and an entry is unlocked before it is deleted, which Python's keyring library does not do.
Entries have that library's names in the default collection, so that both find each other's.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any

import secretstorage
from jeepney import (  # type: ignore[import-untyped]  # it has none
    DBusAddress,
    HeaderFields,
    new_method_call,
)
from secretstorage.exceptions import ItemNotFoundException, LockedException
from secretstorage.util import BUS_NAME, PROMPT_IFACE

from groqchat.domain.text.secret import Secret
from groqchat.storage.keys.errors import keyring_error
from groqchat.storage.keys.library_keyring import SERVICE

if TYPE_CHECKING:
    from collections import deque
    from collections.abc import Iterator

    from jeepney import MatchRule, Message
    from jeepney.io.blocking import DBusConnection  # type: ignore[import-untyped]  # it has none
    from secretstorage import Collection, Item

    from groqchat.storage.keys.keyring_dialog import KeyringDialog

_APPLICATION = "Python keyring library"
# Seconds between two checks whether the call was cancelled while a dialog is open.
_LOOK_S = 0.1


class SecretService:
    """The keyring behind ``org.freedesktop.secrets``."""

    name = "SecretService Keyring"

    def __init__(self) -> None:
        bus = secretstorage.dbus_init()
        self._connection = _Connection(bus)
        self._close = weakref.finalize(self, bus.close)

    @property
    def is_alive(self) -> bool:
        """Whether the message bus answers."""
        self._connection.dialog = None
        try:
            return secretstorage.check_service_availability(self._connection)
        except (OSError, EOFError):
            return False

    def read(self, profile: str, dialog: KeyringDialog) -> Secret | None:
        """The key of a profile; None if there is none."""
        self._connection.dialog = dialog
        collection = self._collection()
        if collection is None:
            raise keyring_error("keyring_closed", "no keyring is open in it")
        item = next(_items(collection, profile), None)
        if item is None:
            return None
        _unlock(item)
        return Secret(item.get_secret().decode("utf-8")) or None

    def write(self, profile: str, key: Secret, dialog: KeyringDialog) -> None:
        """Store a key; it replaces an earlier one.

        Raises:
            StorageError: The service reports success but has not stored the key.
        """
        self._connection.dialog = dialog
        collection = self._collection() or self._new_collection()
        item = collection.create_item(
            f"Password for '{profile}' on '{SERVICE}'",
            _attributes(profile) | {"application": _APPLICATION},
            key.reveal().encode(),
            replace=True,
        )
        # A locked item would need another dialog, so the service is believed.
        if not item.is_locked() and item.get_secret() != key.reveal().encode():
            raise keyring_error("keyring_refused", f"{self.name} did not keep the key")

    def remove(self, profile: str, dialog: KeyringDialog) -> bool:
        """Remove a key; returns whether there was one."""
        self._connection.dialog = dialog
        collection = self._collection()
        items = list(_items(collection, profile)) if collection else []
        for item in items:
            _unlock(item)
            item.delete()
        return bool(items)

    def close(self) -> None:
        """Close the connection to the message bus."""
        self._close()

    def _collection(self) -> Collection | None:
        """The default collection, unlocked; None where there is none."""
        try:
            collection = secretstorage.Collection(self._connection)
        except ItemNotFoundException:
            return None
        if collection.is_locked():
            collection.unlock()
            if collection.is_locked():
                raise LockedException("it was not unlocked")
        return collection

    def _new_collection(self) -> Collection:
        return secretstorage.get_default_collection(self._connection)


class _Connection:
    """A connection to the message bus for SecretStorage, which notices dialogs.

    After a call is cancelled nothing more is sent for it, and its dialog is closed.
    """

    def __init__(self, connection: DBusConnection) -> None:
        self.dialog: KeyringDialog | None = None
        self._connection = connection
        self._prompt = ""

    def send_and_get_reply(self, message: Message, *, timeout: float | None = None) -> Message:
        if self.dialog is not None and self.dialog.is_cancelled:
            raise TimeoutError
        fields = message.header.fields
        if fields.get(HeaderFields.interface) == PROMPT_IFACE:
            self._prompt = fields[HeaderFields.path]
        return self._connection.send_and_get_reply(message, timeout=timeout)

    def filter(self, rule: MatchRule) -> Any:  # noqa: ANN401 - whatever the library makes of it
        return self._connection.filter(rule)

    def recv_until_filtered(
        self, queue: deque[Message], *, timeout: float | None = None
    ) -> Message:
        """Wait for the answer to a dialog, the only signal that SecretStorage waits for."""
        assert self.dialog is not None  # noqa: S101 - every call brings its own
        try:
            with self.dialog.open():
                return self._answered(queue, self.dialog)
        except TimeoutError:
            self._dismiss()
            raise

    def _answered(self, queue: deque[Message], dialog: KeyringDialog) -> Message:
        while True:
            try:
                return self._connection.recv_until_filtered(queue, timeout=_LOOK_S)
            except TimeoutError:
                if dialog.is_cancelled:
                    raise

    def _dismiss(self) -> None:
        prompt = DBusAddress(self._prompt, BUS_NAME, PROMPT_IFACE)
        self._connection.send(new_method_call(prompt, "Dismiss"))


def _attributes(profile: str) -> dict[str, str]:
    return {"service": SERVICE, "username": profile}


def _items(collection: Collection, profile: str) -> Iterator[Item]:
    return collection.search_items(_attributes(profile))


def _unlock(item: Item) -> None:
    """Unlock an entry, for which the service may ask the user."""
    if item.is_locked():
        item.unlock()
        if item.is_locked():
            raise keyring_error(
                "keyring_refused", "access to the key was not allowed in its dialog"
            )
