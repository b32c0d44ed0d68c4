"""A Secret Service that asks its user, as KeePassXC and KWallet do, on a real message bus.

It speaks the protocol of ``org.freedesktop.secrets`` as far as clients need it: one collection,
items that are locked for each connection until the user allows it (KeePassXC's way), dialogs that
wait. What its user does is decided by the test.
"""

import queue
import threading
from collections import defaultdict
from dataclasses import dataclass, field

from jeepney import (
    DBusAddress,
    HeaderFields,
    MessageType,
    new_error,
    new_method_return,
    new_signal,
)
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

ROOT = "/org/freedesktop/secrets"
DEFAULT, COLLECTION = f"{ROOT}/aliases/default", f"{ROOT}/collection/groq"
UNKNOWN = "org.freedesktop.DBus.Error.UnknownObject"
LOCKED = "org.freedesktop.Secret.Error.IsLocked"
PREFIX = "org.freedesktop.Secret."


@dataclass
class User:
    """Who is asked: what he answers to which question, what he was asked, and sees come and go.

    Questions are ``unlock`` (the collection), ``access`` (to an entry), ``replace``, ``delete`` and
    ``create`` (a collection). An answer is True, False, or None: the dialog just stays.
    """

    answers: dict = field(default_factory=lambda: defaultdict(lambda: True))
    asked: list = field(default_factory=list)
    dismissed: list = field(default_factory=list)
    seen: queue.Queue = field(default_factory=queue.Queue)
    # Cleared while he has not yet looked at the dialog.
    is_there: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self):
        self.is_there.set()


@dataclass
class Item:
    attributes: dict
    secret: bytes
    allowed: set = field(default_factory=set)


class PretendSecretService:
    """Serves on the session's bus in a thread until it is closed."""

    def __init__(self, user, *, is_locked=False, has_collection=True):
        self.user = user
        self.items = {}
        self._is_locked = is_locked
        self._has_collection = has_collection
        self._prompts = {}
        self._made = 0
        self._connection = open_dbus_connection("SESSION")
        self._call(message_bus.RequestName("org.freedesktop.secrets"))
        self._is_closed = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._is_closed.set()
        self._thread.join()
        self._connection.close()

    def secrets(self):
        """What is kept, by user name."""
        return {item.attributes["username"]: item.secret for item in self.items.values()}

    # -- the bus --------------------------------------------------------------------------------

    def _call(self, message):
        return self._connection.send_and_get_reply(message)

    def _serve(self):
        while not self._is_closed.is_set():
            try:
                message = self._connection.receive(timeout=0.02)
            except TimeoutError:
                continue
            if message.header.message_type is MessageType.method_call:
                self._answer(message)

    def _answer(self, message):
        fields = message.header.fields
        path, member = fields[HeaderFields.path], fields[HeaderFields.member]
        self._client = fields[HeaderFields.sender]
        self._after = None
        try:
            method = getattr(self, f"_{member.lower()}")
            signature, body = method(path, *message.body)
            reply = new_method_return(message, signature, body)
        except LookupError as error:
            reply = new_error(message, error.args[0], "s", ("refused",))
        self._connection.send(reply)
        if self._after is not None:
            self._after()

    def _ask(self, question, deed):
        """The path of a dialog that leads to a deed; what it gives is the dialog's result."""
        self._made += 1
        path = f"{ROOT}/prompt/p{self._made}"
        self._prompts[path] = question, deed
        return path

    # -- methods: each gives a signature and a body ---------------------------------------------

    def _get(self, path, interface, name):
        if not self._has_collection and path == DEFAULT:
            raise LookupError(UNKNOWN)
        if interface == f"{PREFIX}Item":
            value = "b", self._client not in self._item(path).allowed
        else:
            value = {"Label": ("s", "groq"), "Locked": ("b", self._is_locked)}[name]
        return "v", (value,)

    def _opensession(self, _, algorithm, __):
        if algorithm != "plain":
            raise LookupError("org.freedesktop.DBus.Error.NotSupported")
        return "vo", (("s", ""), f"{ROOT}/session/s1")

    def _unlock(self, _, paths):
        is_collection = paths[0] not in self.items

        def allow():
            if is_collection:
                self._is_locked = False
            else:
                self._item(paths[0]).allowed.add(self._asking)
            return "ao", paths

        return "aoo", ([], self._ask("unlock" if is_collection else "access", allow))

    def _createcollection(self, *_):
        def create():
            self._has_collection = True
            return "o", DEFAULT

        return "oo", ("/", self._ask("create", create))

    def _searchitems(self, _, attributes):
        found = [path for path, item in self.items.items() if self._fits(item, attributes)]
        return "ao", (found,)

    @staticmethod
    def _fits(item, attributes):
        return attributes.items() <= item.attributes.items()

    def _createitem(self, _, properties, secret, __):
        attributes = properties[f"{PREFIX}Item.Attributes"][1]
        wanted = {name: attributes[name] for name in ("service", "username")}
        old = [path for path, item in self.items.items() if self._fits(item, wanted)]

        def keep():
            path = old[0] if old else f"{COLLECTION}/i{self._made}"
            self.items[path] = Item(attributes, bytes(secret[2]), {self._asking})
            return "o", path

        return "oo", ("/", self._ask("replace" if old else "", keep))

    def _getsecret(self, path, session):
        item = self._item(path)
        if self._client not in item.allowed:
            raise LookupError(LOCKED)
        return "(oayays)", ((session, b"", item.secret, "text/plain"),)

    def _delete(self, path):
        if self._client not in self._item(path).allowed:
            raise LookupError(LOCKED)

        def delete():
            del self.items[path]
            return "s", ""

        return "o", (self._ask("delete", delete),)

    def _prompt(self, path, _):
        self._after = lambda: self._decide(path, self._client)
        return "", ()

    def _dismiss(self, path):
        self.user.dismissed.append(self._prompts[path][0])
        self.user.seen.put("gone")
        return "", ()

    def _decide(self, path, client):
        question, deed = self._prompts[path]
        self._asking = client
        answer = True
        if question:
            self.user.asked.append(question)
            self.user.seen.put(question)
            self.user.is_there.wait(30)
            answer = self.user.answers[question]
        if answer is not None:
            nothing = ("ao", []) if question in {"unlock", "access"} else ("s", "")
            result = deed() if answer else nothing
            emitter = DBusAddress(path, interface=f"{PREFIX}Prompt")
            self._connection.send(new_signal(emitter, "Completed", "bv", (not answer, result)))

    def _item(self, path):
        if path not in self.items:
            raise LookupError(UNKNOWN)
        return self.items[path]
