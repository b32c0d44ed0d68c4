"""Vi's normal mode: each result is what Vim 9 makes of the same keys (`tests/long/test_vi`)."""

import pytest

from groqchat.domain.text.vi import Mode, ViState, Wish, press
from groqchat.domain.text.vi_motions import Text


def pressed(keys, text, cursor=0):
    """What keys make of a text in normal mode: the state, the text with a bar at the cursor."""
    state, at = ViState(Mode.NORMAL), Text(text, cursor)
    for key in keys:
        state, at, _ = press(state, key, at)
    return state, f"{at.text[: at.cursor]}|{at.text[at.cursor :]}"


def test_copies_do_not_fill_the_memory():
    _, text = pressed("yy9999pyG9999p9999p", "one line of some length")
    assert len(text) < 400_000  # 9,999 to the power of three lines
    _, text = pressed("yyp", "x" * 200_000)
    assert len(text) == 400_002  # one copy is always put


@pytest.mark.parametrize(
    ("keys", "text", "cursor", "after"),
    [
        ("w", "one two  three", 0, "one |two  three"),
        ("2w", "one two  three", 0, "one two  |three"),
        ("w", "foo(bar, baz)", 0, "foo|(bar, baz)"),
        ("e", "foo(bar, baz)", 4, "foo(ba|r, baz)"),
        ("b", "foo(bar, baz)", 7, "foo(|bar, baz)"),
        ("b", "a\n\nb", 3, "a\n|\nb"),
        ("$", "one\ntwo", 0, "on|e\ntwo"),
        ("^", "  one", 4, "  |one"),
        ("0", "  one", 4, "|  one"),
        ("j", "abc\nx\nyz", 2, "abc\n|x\nyz"),
        ("G", "a\nb\n  c", 0, "a\nb\n  |c"),
        ("2G", "a\nb\nc", 0, "a\n|b\nc"),
        ("gg", "a\nb\nc", 4, "|a\nb\nc"),
        ("x", "abc", 2, "a|b"),
        ("3x", "abcd", 1, "|a"),
        ("dw", "one two", 0, "|two"),
        ("dw", "one\ntwo", 0, "|\ntwo"),
        ("d2w", "a b c", 0, "|c"),
        ("db", "one two", 4, "|two"),
        ("db", "one\ntwo", 4, "|two"),
        ("de", "one two", 0, "| two"),
        ("d$", "one two", 3, "on|e"),
        ("dd", "a\n  b\nc", 0, "  |b\nc"),
        ("dd", "a\nb", 2, "|a"),
        ("2dd", "a", 0, "|a"),
        ("dj", "a\nb\nc", 0, "|c"),
        ("ddp", "a\nb", 0, "b\n|a"),
        ("yyP", "a\nb", 2, "a\n|b\nb"),
        ("xp", "ab", 0, "b|a"),
        ("ywP", "ab cd", 0, "ab| ab cd"),
        ("rz", "abc", 1, "a|zc"),
        ("4rz", "abc", 0, "|abc"),
        ("~", "abc", 0, "A|bc"),
        ("J", "a\n  b", 0, "a| b"),
        ("q", "abc", 1, "a|bc"),
        ("dq", "abc", 1, "a|bc"),
    ],
)
def test_normal_mode(keys, text, cursor, after):
    assert pressed(keys, text, cursor) == (pressed(keys, text, cursor)[0], after)
    assert pressed(keys, text, cursor)[0].mode is Mode.NORMAL


@pytest.mark.parametrize(
    ("keys", "text", "cursor", "after"),
    [
        ("i", "abc", 1, "a|bc"),
        ("a", "abc", 2, "abc|"),
        ("I", "  abc", 4, "  |abc"),
        ("A", "abc\nd", 0, "abc|\nd"),
        ("o", "a\nb", 0, "a\n|\nb"),
        ("O", "a\nb", 2, "a\n|\nb"),
        ("cw", "one two", 0, "| two"),
        ("c2w", "a b c", 0, "| c"),
        ("cc", "a\nb\nc", 2, "a\n|\nc"),
        ("C", "one two", 3, "one|"),
        ("s", "abc", 0, "|bc"),
    ],
)
def test_keys_that_lead_to_insert_mode(keys, text, cursor, after):
    state, shown = pressed(keys, text, cursor)
    assert (state.mode, shown) == (Mode.INSERT, after)


def test_what_only_the_field_can_do_is_wished_for():
    at = Text("a\nb", 0)
    normal = ViState(Mode.NORMAL)
    wishes = {key: press(normal, key, at).wish for key in ("u", "ctrl+r", ":", "k", "j")}
    assert wishes == {
        "u": Wish.UNDO, "ctrl+r": Wish.REDO, ":": Wish.PALETTE, "k": Wish.OLDER, "j": None,
    }  # fmt: skip
    assert press(normal, "j", Text("a\nb", 2)).wish is Wish.NEWER


def test_escape_gives_up_a_command_and_keeps_the_register():
    state, _, _ = press(ViState(Mode.NORMAL, register="kept"), "2", Text("abc", 0))
    state, _, _ = press(state, "d", Text("abc", 0))
    assert state.typed == "2d"
    state, at, _ = press(state, "escape", Text("abc", 0))
    assert (state.typed, state.register, at.text) == ("", "kept", "abc")
    # A huge count is bounded.
    assert press(ViState(Mode.NORMAL, "9" * 50), "x", Text("abc", 1)).after == Text("a", 0)
