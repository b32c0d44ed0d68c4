from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from textual.events import Paste
from textual.widgets import Input, OptionList, Static

from groqchat import ui
from groqchat.domain.errors.table import failure
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import Model, Status
from groqchat.domain.sessions.summaries import Hit
from groqchat.domain.text.secret import Secret
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.session_kind import SessionKind
from groqchat.ui.chat.error_list import ErrorsScreen, support_text
from groqchat.ui.commands import COMMANDS
from groqchat.ui.dialogs.confirm import Confirm
from groqchat.ui.dialogs.help import HelpScreen
from groqchat.ui.dialogs.prompt_history import PromptHistory
from groqchat.ui.dialogs.rename import RenameScreen
from groqchat.ui.keys.entry import KeyEntered, KeyScreen
from groqchat.ui.models.picker import ModelPicker
from groqchat.ui.sessions.search import SearchScreen
from groqchat.ui.widgets.error_log import ErrorLog, ErrorRecord
from tests.ui.model_choices import choices_of
from tests.ui.stage import HOSTILE, Stage, is_clean, seen, until

FOREIGN = HOSTILE + "x" * 1_000_000
UNSET = object()
FAKE_KEY = "gsk_fake" + "0" * 48


class Behind(Stage):
    """An app that opens one dialog and keeps what it returned."""

    def __init__(self, dialog) -> None:
        super().__init__()
        self.dialog = dialog
        self.result = UNSET

    def compose(self):
        yield Static("the chat")

    def on_mount(self) -> None:
        self.push_screen(self.dialog, self._keep)

    def _keep(self, result) -> None:
        self.result = result

    @property
    def is_done(self) -> bool:
        return self.result is not UNSET


def test_no_window_has_a_width_that_a_common_terminal_has_not():
    styles = "".join(file.read_text() for file in Path(ui.__path__[0]).rglob("*.py"))
    widths = re.findall(r"#frame \{[^}]*(?<![\w-])width: (\d+);", styles)
    assert widths == ["44"]  # of the list of themes, which narrow screens show whole


def rows(app: Behind) -> list[str]:
    options = app.screen.query_one(OptionList)
    return [str(option.prompt) for option in options.options]


# -- the key -----------------------------------------------------------------------------------


@dataclass
class Found:
    status: str
    message: str = "What was found."
    suggestion: str = "What to do."


class Desk:
    """A key check and a keyring that do as they are told."""

    def __init__(self, found=None, store="SecretService") -> None:
        self.found = found or Found("valid")
        self.keyring = store
        self.asked = []

    async def check(self, secret):
        self.asked.append(secret)
        if isinstance(self.found, Exception):
            raise self.found
        return self.found

    async def store(self, secret):
        if isinstance(self.keyring, Exception):
            raise self.keyring
        return self.keyring


def key_app(desk: Desk, **options) -> Behind:
    return Behind(KeyScreen(desk.check, desk.store, **options))


async def enter_key(pilot, app, key=FAKE_KEY) -> None:
    app.screen.query_one(Input).value = key
    await pilot.pause()
    await pilot.press("enter")


async def test_where_a_rejected_key_came_from_is_read_on_a_small_screen_too():
    reason = "127.0.0.1:8917 does not know this API key. It is gsk_…1234, from GROQ_API_KEY."
    app = key_app(Desk(), reason=reason)
    async with app.run_test(size=(40, 12)) as pilot:
        await until(pilot, lambda: "GROQ_API_KEY." in seen(app.screen))
        assert "Enter check" in seen(app.screen)


@pytest.mark.parametrize("status", ["valid", "limited"])
async def test_a_good_key_is_checked_and_stored_with_one_enter(status):
    desk = Desk(Found(status))
    app = key_app(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter_key(pilot, app)
        await until(pilot, lambda: app.is_done)
    assert app.result == KeyEntered(Secret(FAKE_KEY), "SecretService")
    assert FAKE_KEY not in repr(app.result)


async def test_the_key_is_never_shown():
    app = key_app(Desk(Found("rejected")), reason="The old key was rejected.")
    async with app.run_test(size=(80, 24)) as pilot:
        await enter_key(pilot, app)
        await until(pilot, lambda: "What was found." in seen(app.screen))
        assert "The old key was rejected." in seen(app.screen)
        assert "console.groq.com/keys" in seen(app.screen)
        assert "gsk_fake" not in seen(app.screen)
        assert not app.is_done


async def test_a_rejected_key_can_be_replaced_at_once():
    desk = Desk(Found("rejected"))
    app = key_app(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter_key(pilot, app)
        await until(pilot, lambda: "Enter check again" in seen(app.screen))
        desk.found = Found("valid")
        await enter_key(pilot, app, FAKE_KEY + "1")
        await until(pilot, lambda: app.is_done)
    assert app.result.secret == Secret(FAKE_KEY + "1")


@pytest.mark.parametrize(
    "found", [Found("unreachable"), Found("service_error"), failure("timed_out")]
)
async def test_without_the_server_the_key_may_be_used_unchecked(found):
    app = key_app(Desk(found))
    async with app.run_test(size=(80, 24)) as pilot:
        await enter_key(pilot, app)
        await until(pilot, lambda: "Enter use it unchecked, for this run" in seen(app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: app.is_done)
    assert app.result == KeyEntered(Secret(FAKE_KEY), None)


async def test_trouble_with_the_keyring_is_explained_and_can_be_tried_again():
    desk = Desk(store=failure("keyring_locked", detail="collection locked"))
    app = key_app(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter_key(pilot, app)
        await until(pilot, lambda: "The key is valid, but it was not stored." in seen(app.screen))
        assert "Enter use it for this run" in seen(app.screen)
        desk.keyring = "KWallet"
        await pilot.press("ctrl+r")
        await until(pilot, lambda: app.is_done)
    assert app.result.stored_in == "KWallet"


async def test_a_key_that_no_keyring_can_take_is_used_at_once_where_one_is_needed():
    trouble = failure("keyring_missing", detail="none")
    app = key_app(Desk(store=trouble), goes_on=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter_key(pilot, app)
        await until(pilot, lambda: app.is_done)
    assert app.result == KeyEntered(Secret(FAKE_KEY), None, trouble)


@pytest.mark.parametrize(
    ("cause", "goes_on"), [("keyring_missing", False), ("keyring_locked", True)]
)
async def test_what_the_user_may_want_otherwise_is_asked(cause, goes_on):
    app = key_app(Desk(store=failure(cause, detail="none")), goes_on=goes_on)
    async with app.run_test(size=(80, 24)) as pilot:
        await enter_key(pilot, app)
        await until(pilot, lambda: "Enter use it for this run" in seen(app.screen))
        await pilot.press("enter")
        await until(pilot, lambda: app.is_done)
    assert app.result == KeyEntered(Secret(FAKE_KEY), None)


async def test_all_that_was_found_of_a_key_is_read_on_a_small_screen_too():
    words = [f"Word{number}." for number in range(40)]
    app = key_app(Desk(Found("unreachable", " ".join(words))))
    async with app.run_test(size=(40, 12)) as pilot:
        await enter_key(pilot, app)
        await until(pilot, lambda: "PgDn the rest" in seen(app.screen))
        read = seen(app.screen)
        while "What to do." not in seen(app.screen):
            await pilot.press("pagedown")
            read += seen(app.screen)
        assert [word for word in words if word not in read] == []
        assert "Enter use it unchecked" in seen(app.screen)


async def test_a_check_that_hangs_is_given_up(monkeypatch):
    monkeypatch.setattr("groqchat.ui.keys.entry.CHECK_S", 0.05)

    async def hang(_):
        await asyncio.Event().wait()

    app = Behind(KeyScreen(hang, Desk().store))
    async with app.run_test(size=(80, 24)) as pilot:
        await enter_key(pilot, app)
        await until(pilot, lambda: "The check took too long" in seen(app.screen))


async def test_typing_on_forgets_what_was_found_about_the_old_key():
    app = key_app(Desk(Found("unreachable")))
    async with app.run_test(size=(80, 24)) as pilot:
        await enter_key(pilot, app)
        await until(pilot, lambda: "use it unchecked" in seen(app.screen))
        await pilot.press("x")
        await until(pilot, lambda: "Enter check" in seen(app.screen))
        assert "use it unchecked" not in seen(app.screen)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Paste it here"),
        ("gsk_ab", "6 characters"),
        (FAKE_KEY, "56 characters"),
        ("sk-other", "start with gsk_"),
        ("gsk_a b", "white space inside"),
        ("gsk_ä", "outside ASCII"),
    ],
)
async def test_the_shape_is_judged_while_typing(typed, words):
    desk = Desk()
    app = key_app(desk)
    async with app.run_test(size=(80, 24)) as pilot:
        app.screen.query_one(Input).value = typed
        await until(pilot, lambda: words in seen(app.screen))
        if not typed or "is not a usable key" in seen(app.screen):
            await pilot.press("enter")
            assert desk.asked == []


@pytest.mark.parametrize(
    ("pasted", "taken"),
    [
        (f"{FAKE_KEY}\n", FAKE_KEY),
        (f"\n  export GROQ_API_KEY='{FAKE_KEY}'\n", FAKE_KEY),
        ("\n other \nlines", "other"),
        ("gsk_a gsk_b", "gsk_a gsk_b"),
        ("", ""),
    ],
)
async def test_a_pasted_line_gives_its_key(pasted, taken):
    app = key_app(Desk())
    async with app.run_test(size=(80, 24)) as pilot:
        field = app.screen.query_one(Input)
        field.post_message(Paste(pasted))
        await pilot.pause()
        assert field.value == taken


async def test_the_demo_is_one_key_away_where_it_is_offered():
    app = key_app(Desk(), may_skip_to_demo=True)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Ctrl+D demo without a key" in seen(app.screen))
        await pilot.press("ctrl+d")
        await until(pilot, lambda: app.is_done)
    assert app.result == "demo"

    app = key_app(Desk())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("ctrl+d")
        assert not app.is_done
        await pilot.press("escape")
        await until(pilot, lambda: app.is_done)
    assert app.result is None


# -- errors ------------------------------------------------------------------------------------


def an_error(**facts):
    known = {
        "status": 429,
        "code": "rate_limit_exceeded",
        "model": "big",
        "limit_kind": LimitKind.TPM,
        "limit": 8000,
        "request_id": "req_01abc",
        "detail": "Rate limit reached in `org_…`",
    }
    return failure("rate_limited", **(known | facts))


def a_log(*errors) -> ErrorLog:
    log = ErrorLog()
    for second, error in enumerate(errors):
        log.add(1_790_000_000.0 + second, error)
    return log


async def test_an_error_is_shown_with_everything_known_about_it():
    app = Behind(ErrorsScreen(a_log(failure("timed_out"), an_error())))
    async with app.run_test(size=(100, 40)) as pilot:
        await until(pilot, lambda: "req_01abc" in seen(app.screen))
        text = seen(app.screen)
        for words in ("429 · Rate limit reached", "rate_limit_exceeded", "Later", "org_…", "big"):
            assert words in text
        await pilot.press("down")
        await until(pilot, lambda: "did not answer in time" in seen(app.screen))
        assert "req_01abc" not in seen(app.screen)


async def test_what_the_model_said_in_vain_is_shown_but_not_for_support():
    error = failure("generation_failed", status=400, failed_generation='{"name":\n\t"x"}')
    app = Behind(ErrorsScreen(log := a_log(error)))
    async with app.run_test(size=(100, 40)) as pilot:
        await until(pilot, lambda: "What the model said" in seen(app.screen))
        assert '{"name":' in seen(app.screen)
    assert "name" not in support_text(next(iter(log)))


async def test_details_are_copied_for_support(monkeypatch):
    copied = []

    async def copy(_, text):
        copied.append(text)
        return "Copied (test)."

    monkeypatch.setattr("groqchat.ui.chat.error_list.copy", copy)
    app = Behind(ErrorsScreen(a_log(an_error())))
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("c")
        await until(pilot, lambda: "Copied (test)." in seen(app.screen))
    for words in ("status: 429", "request id: req_01abc", "groqchat: ", "cause: rate_limited"):
        assert words in copied[0]


@pytest.mark.parametrize("key", ["enter", "r", "m"])
async def test_enter_or_a_remedys_letter_brings_the_toast_back(key):
    log = a_log(an_error())
    app = Behind(ErrorsScreen(log))
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press(key)
        await until(pilot, lambda: app.is_done)
    assert app.result == next(iter(log))


async def test_without_errors_it_says_so():
    app = Behind(ErrorsScreen(ErrorLog()))
    async with app.run_test(size=(100, 40)) as pilot:
        await until(pilot, lambda: "No errors so far." in seen(app.screen))
        await pilot.press("c", "enter", "escape")
        await until(pilot, lambda: app.is_done)
    assert app.result is None


# -- history and search ------------------------------------------------------------------------


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr("groqchat.ui.dialogs.picker.DEBOUNCE_S", 0.01)


async def prompts(query):
    sent = ("What is a bucket?\nShort.", "What is TPM?", "Write a haiku")
    return [prompt for prompt in sent if query.lower() in prompt.lower()]


@pytest.mark.usefixtures("at_once")
async def test_ctrl_r_goes_to_older_prompts():
    app = Behind(PromptHistory(prompts))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(rows(app)) == 3)
        await pilot.press(*"what")
        await until(pilot, lambda: len(rows(app)) == 2)
        await pilot.press("ctrl+r", "enter")
        await until(pilot, lambda: app.is_done)
    assert app.result == "What is TPM?"


async def test_enter_may_overtake_the_look_up():
    app = Behind(PromptHistory(prompts))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(rows(app)) == 3)
        await pilot.press(*"haiku", "enter")
        await until(pilot, lambda: app.is_done)
    assert app.result == "Write a haiku"


@pytest.mark.usefixtures("at_once")
async def test_enter_pressed_twice_closes_once():
    app = Behind(PromptHistory(prompts))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: len(rows(app)) == 3)
        for _ in range(2):
            app.dialog.line.post_message(Input.Submitted(app.dialog.line, ""))
        await until(pilot, lambda: app.is_done)
    assert app.result == "What is a bucket?\nShort."


def a_hit(text="the rate limit", title="Limits"):
    return Hit("s1", title, "m1", Role.USER, 1_790_000_000.0, ((text[:4], False), (text[4:], True)))


@pytest.mark.usefixtures("at_once")
async def test_a_search_starts_with_what_was_asked_and_follows_the_typing():
    asked = []

    async def search(query):
        asked.append(query)
        return [a_hit()] if "rate" in query else []

    app = Behind(SearchScreen(search, "rate"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "the rate limit" in seen(app.screen))
        await until(pilot, lambda: "you · 2026-09-21" in seen(app.screen))
        await pilot.press("end", "x", "home", "y")
        await until(pilot, lambda: "yratex" in asked)
        await pilot.press("enter")
        await until(pilot, lambda: app.is_done)
    assert app.result == a_hit()


@pytest.mark.parametrize(
    ("kind", "shown"),
    [(SessionKind.COMPARISON, "║ Limits"), (SessionKind.SET, "≡ Limits"), (SessionKind.CHAT, "")],
)
@pytest.mark.usefixtures("at_once")
async def test_a_hit_is_marked_as_the_list_marks_its_session(kind, shown):
    async def search(_):
        return [replace(a_hit(), session_kind=kind)]

    app = Behind(SearchScreen(search, "rate"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "the rate limit" in seen(app.screen))
        assert shown in seen(app.screen)
        assert any(mark in seen(app.screen) for mark in "║≡") is bool(shown)


@pytest.mark.usefixtures("at_once")
async def test_nothing_is_searched_for_nothing_and_trouble_is_told():
    async def search(_):
        raise failure("database", detail="locked")

    app = Behind(SearchScreen(search))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Type what you look for:" in seen(app.screen))
        await pilot.press("x")
        await until(pilot, lambda: "The database could not be used" in seen(app.screen))


# -- the small ones ----------------------------------------------------------------------------


async def test_renaming_starts_from_the_present_title():
    app = Behind(RenameScreen("Old"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"New", "enter")
        await until(pilot, lambda: app.is_done)
    assert app.result == "New"


async def test_an_empty_title_is_not_taken():
    app = Behind(RenameScreen("Old"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("delete", "space", "enter")
        assert not app.is_done
        await pilot.press("escape")
        await until(pilot, lambda: app.is_done)
    assert app.result is None


@pytest.mark.parametrize(("key", "result"), [("y", True), ("n", False), ("escape", False)])
async def test_only_y_confirms(key, result):
    app = Behind(Confirm("Delete it?", "Delete"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter", "space")
        assert not app.is_done
        await pilot.press(key)
        await until(pilot, lambda: app.is_done)
    assert app.result is result


async def test_help_names_every_command():
    app = Behind(HelpScreen(COMMANDS))
    async with app.run_test(size=(110, 220)) as pilot:
        await until(pilot, lambda: "Where things are" in seen(app.screen))
        text = seen(app.screen)
        for command in COMMANDS:
            assert command.title in text
            assert f"/{command.slash}" in text
        assert "Ctrl+N" in text
        await pilot.press("escape")
        await until(pilot, lambda: app.is_done)


# -- all of them -------------------------------------------------------------------------------


async def foreign_prompts(_):
    return [FOREIGN]


async def foreign_hits(_):
    return [a_hit(FOREIGN, FOREIGN)]


async def foreign_check(_):
    return Found("rejected", FOREIGN, FOREIGN)


ALL = {
    "models": lambda: ModelPicker(
        choices_of(
            Model(FOREIGN, Status.RETIRED, replacement=FOREIGN), Model(f"a{FOREIGN}", note=FOREIGN)
        ),
        "small",
    ),
    "key": lambda: KeyScreen(foreign_check, Desk().store, reason=FOREIGN, may_skip_to_demo=True),
    "errors": lambda: ErrorsScreen(a_log(an_error(model=FOREIGN, detail=FOREIGN, code=FOREIGN))),
    "history": lambda: PromptHistory(foreign_prompts),
    "search": lambda: SearchScreen(foreign_hits, FOREIGN),
    "rename": lambda: RenameScreen(FOREIGN),
    "confirm": lambda: Confirm(FOREIGN, "Delete"),
    "help": lambda: HelpScreen(COMMANDS),
}


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("size", [(100, 30), (40, 12), (20, 5), (4, 2)])
@pytest.mark.parametrize("name", ALL)
async def test_foreign_text_and_small_terminals_harm_nothing(name, size):
    app = Behind(ALL[name]())
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.05)
        if name == "key":
            await enter_key(pilot, app)
            await pilot.pause()
        else:
            await pilot.press("down", "up")
        assert is_clean(seen(app.screen))
        if size >= (40, 12):
            assert "Esc" in seen(app.screen)
        await pilot.press("escape")
        await until(pilot, lambda: app.is_done)


async def test_a_click_on_a_key_presses_it():
    app = Behind(Confirm("Delete it?", "Delete"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "y delete" in seen(app.screen))
        lines = seen(app.screen).splitlines()
        y = next(y for y, text in enumerate(lines) if "y delete" in text)
        await pilot.click(offset=(lines[y].index("y delete"), y))
        await until(pilot, lambda: app.is_done)
    assert app.result is True


def test_nothing_secret_is_given_to_support():
    record = ErrorRecord(0.0, an_error(detail="organization `org_…`", partial="my private text"))
    assert "private" not in support_text(record)
