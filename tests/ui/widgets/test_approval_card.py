"""The card of a call that waits for approval."""

import json

from groqchat.domain.tools.decision import Decision
from groqchat.domain.tools.events import ApprovalAsked
from groqchat.domain.tools.tool import ToolCall
from groqchat.ui.widgets.approval_card import ApprovalCard
from tests.services.tools.fakes import tool
from tests.ui.stage import HOSTILE, is_clean


def card(arguments, decided=None):
    told = [] if decided is None else decided
    asked = ApprovalAsked(tool(f"now {HOSTILE}"), ToolCall("c", "clock__now", arguments))
    return ApprovalCard(asked, told.append)


def test_nothing_that_a_model_or_a_server_wrote_drives_the_terminal():
    shown = card(json.dumps({HOSTILE: HOSTILE, "long": "x" * 5_000}))
    assert is_clean(shown.head().plain)
    assert is_clean(shown.body().plain)
    assert "(5,002 characters, all of them above)" in shown.body().plain


def test_only_its_letters_say_something_and_escape_stops():
    decided = []
    shown = card("{}", decided)
    for key in ("o", "s", "a", "d", "x", "escape"):
        shown._press(key)
    assert decided == [*Decision, None]
    assert shown.body().plain == "no arguments"


def test_a_tool_that_is_not_as_it_was_approved_says_so_and_shows_what_it_says_now():
    asked = ApprovalAsked(
        tool("now", description=f"New. {HOSTILE} {'x' * 5_000}"),
        ToolCall("c", "clock__now", "{}"),
        has_changed=True,
    )
    shown = ApprovalCard(asked, print).body().plain
    assert "have changed since you approved it.\nNew. " in shown
    assert is_clean(shown)
    assert len(shown) < 800
