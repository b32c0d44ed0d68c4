"""Parts of a workspace that remember what they are told: for the chat's helpers alone."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace

from groqchat.domain.turns.chat import Message, Options, Role
from groqchat.storage.catalog import load_catalog
from groqchat.ui.widgets.attaching.chips import Chips
from groqchat.ui.widgets.given_back import GivenBackPrompt
from groqchat.ui.workspace.workspace import Workspace
from tests.fakes import START, FakeClock, session

MODEL = "openai/gpt-oss-120b"


class Area:
    """A text area that holds a text."""

    def __init__(self, text=""):
        self.text = text
        self.has_focus = False
        self.chips = Chips()
        self.given_back = GivenBackPrompt(self)

    @property
    def shown(self):
        return self.chips.shown(self.text)

    @property
    def kept(self):
        return self.chips.kept(self.shown)

    def write(self, text):
        self.text = text

    begin_with = write

    def take_out(self, text):
        self.text = self.text.removeprefix(text).lstrip("\n")

    def focus(self):
        self.has_focus = True


class Composer:
    """A composer whose text is that of its area."""

    def __init__(self, text=""):
        self.area = Area(text)

    @property
    def text(self):
        return self.area.text

    @text.setter
    def text(self, text):
        self.area.text = text


class Toasts:
    """Remembers what was shown."""

    def __init__(self):
        self.notices, self.errors = [], []

    def notice(self, text, **_):
        self.notices.append(text)

    def show_error(self, error, actions, **_):
        self.errors.append((error, set(actions)))


async def not_at_all():
    """The answer of what is never so."""
    return False


class Conversation:
    """A session in which nothing runs unless ``is_busy`` says so; remembers what was asked."""

    def __init__(self, **options):
        self.is_busy = False
        self.options = Options(**{"model": MODEL, **options})
        self.branch = SimpleNamespace(leaf_id=None, unanswered=None, draft_id="s1")
        self.branch.is_outgrown = not_at_all
        self.session = session()
        self.turn, self.turns = None, SimpleNamespace(is_full=False)
        self.named_model = None
        self.asked = []

    def shows(self, turn):
        return turn is self.turn

    async def set_options(self, **changes):
        self.options = replace(self.options, **changes)

    def options_of(self, _prompt):
        return self.options

    async def ask(self, _turns, text):
        self.asked.append(text)

    async def ask_edited(self, _turns, old, text):
        self.asked.append((old.content, text))


class Account:
    """An account that is ready, or not there."""

    def __init__(self, connection=None):
        self.connection = connection
        self.catalog = load_catalog()

    async def ready(self, _then):
        return self.connection


class Figures:
    """Figures that nobody looks at."""

    async def refresh(self):
        """There is nothing to read."""


def prompt(text, message_id="p1", parent_id=None):
    return Message(message_id, "s1", parent_id, Role.USER, text, START)


def run(work, *, group):
    """Run work as the screen does, but for the errors."""
    return asyncio.get_running_loop().create_task(work, name=group)


def run_alone(make, *, group):
    return run(make(), group=group)


def workspace_of(**parts):
    """A workspace of these parts, and of parts that remember."""
    made = dict.fromkeys(("prompt", "draft", "ask"))
    made |= {"services": SimpleNamespace(clock=FakeClock()), "account": Account()}
    made |= {"conversation": Conversation(), "composer": Composer(), "toasts": Toasts()}
    made |= {"figures": Figures(), "run": run, "run_alone": run_alone, "show_error": print}
    return Workspace(**{**made, **parts})
