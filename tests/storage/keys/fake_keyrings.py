"""Keyrings that misbehave, to be named in ``PYTHON_KEYRING_BACKEND``."""

import threading
from typing import ClassVar

from keyring.backend import KeyringBackend
from keyring.errors import InitError, KeyringLocked, NoKeyringError, PasswordSetError


class PromptDismissedException(Exception):  # noqa: N818 - named like SecretStorage's own
    """The user closed the dialog."""


class MemoryKeyring(KeyringBackend):
    """Keeps passwords for as long as the test runs."""

    priority = 1
    kept: ClassVar = {}

    def get_password(self, service, username):
        return self.kept.get((service, username))

    def set_password(self, service, username, password):
        self.kept[service, username] = password

    def delete_password(self, service, username):
        del self.kept[service, username]


class ForgetfulKeyring(MemoryKeyring):
    """Accepts everything and keeps nothing."""

    def set_password(self, service, username, password):
        """As if all was well."""


class HangingKeyring(MemoryKeyring):
    """Answers only once it is let go."""

    let_go = threading.Event()

    def get_password(self, service, username):
        self.let_go.wait(30)


class PlaintextKeyring(MemoryKeyring):
    """One by the name of those that write into a file anybody may read."""


class LockedKeyring(MemoryKeyring):
    """Locked."""

    def set_password(self, service, username, password):
        raise KeyringLocked("Failed to unlock the collection!")

    def get_password(self, service, username):
        raise KeyringLocked("Failed to unlock the collection!")


class DismissedKeyring(MemoryKeyring):
    """Its dialog was closed."""

    def get_password(self, service, username):
        cause = PromptDismissedException("Prompt dismissed.")
        raise InitError(f"Failed to create the collection: {cause}.") from cause


class DenyingKeyring(MemoryKeyring):
    """Says no, and with what words."""

    def get_password(self, service, username):
        raise PasswordSetError("Can't store gsk_fake0123456789abcdef: denied")


class AbsentKeyring(MemoryKeyring):
    """Finds only now that it has nobody to talk to."""

    def get_password(self, service, username):
        raise NoKeyringError("No recommended backend was available.")


class BrokenKeyring(MemoryKeyring):
    """Has a mistake of its own."""

    def get_password(self, service, username):
        return {}["nothing"]
