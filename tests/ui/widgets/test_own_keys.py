"""The user's own keys act from the composer, and what cannot act is told."""

from textual.events import Key

from groqchat.ui.widgets.keymap import flaws, keymap, only_by_protocol
from tests.ui.stage import groqchat, seen, until


def test_keys_that_cannot_act_are_told_and_the_others_are_kept():
    wanted = {
        "model": "a, Alt+M", "new": "enter,ctrl+n", "find": "ctrl+m", "quota": "ctrl+foo",
        "help": "question_mark", "modle": "f6", "nothing": "f6", "cost": "shift+space",
        "chip": "tab,alt+up", "talk": "backspace", "retry": "escape", "stop": "escape,f9",
    }  # fmt: skip
    assert keymap(wanted) == {
        "model": "alt+m", "new": "ctrl+n", "chip": "alt+up", "stop": "escape,f9",
    }  # fmt: skip
    told = flaws(wanted)
    assert told[0] == "[keys] model: “a” writes a character; write ctrl+o, alt+m or f6"
    assert told[1] == "[keys] new: Enter sends what is written; choose another key"
    assert told[2] == "[keys] find: terminals send Enter for “ctrl+m”; choose another key"
    assert told[3] == "[keys] quota: “ctrl+foo” is not a key; write ctrl+o, alt+m or f6"
    assert told[4].startswith("[keys] help: “question_mark” writes a character")
    assert told[5] == "[keys] names no command with “modle”; did you mean model?"
    assert told[6].startswith("[keys] names no command with “nothing”; they are new, stop")
    assert told[7].startswith("[keys] cost: “shift+space” writes")
    need = "text fields and windows need “{}”; choose another key"
    assert told[8:] == [
        f"[keys] {name}: {need.format(key)}"
        for name, key in (("chip", "tab"), ("talk", "backspace"), ("retry", "escape"))
    ]


def test_keys_that_few_terminals_send_are_known():
    rare = {
        "model": "ctrl+shift+m,alt+m,f6,ctrl+o,shift+f5",
        "new": "super+n",
        "help": "alt+1,ctrl+1",
    }
    assert only_by_protocol(rare) == ["ctrl+shift+m", "super+n", "ctrl+1"]


OWN = {"model": "alt+m", "usage": "f6", "help": "f7", "errors": "ctrl+w", "retry": "alt+r"}


async def test_own_keys_act_from_the_composer_and_where_another_use_is_made_of_them(groq):
    app = groqchat(keys=OWN)
    async with app.run_test(size=(120, 120)) as pilot:
        chat = app.screen
        await until(pilot, lambda: chat.has_chat and chat.connection)
        # Without kitty's protocol Alt comes with its letter; one that does nothing is written.
        for key in (Key("a", "a"), Key("alt+b", "b"), Key("alt+z", "z")):
            app.post_message(key)
        await until(pilot, lambda: chat.composer.text == "ab")
        for key in ("alt+m", "f6", "f7", "ctrl+w"):
            app.post_message(Key(key, "m" if key == "alt+m" else None))
            await until(pilot, lambda: app.screen is not chat)
            if key == "f7":
                await until(pilot, lambda: "Alt+R" in seen(app.screen))  # a command without a key
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is chat)
        assert chat.composer.text == "ab"


async def test_own_keys_that_cannot_act_are_told_when_the_chat_opens(groq):
    app = groqchat(keys={"model": "a"})
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "writes a character" in seen(app.screen))
        await until(pilot, lambda: app.screen.connection)  # the start goes on behind the notice
