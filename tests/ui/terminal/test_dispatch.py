"""The handlers of messages are those that Textual finds, in its order."""

from importlib import import_module
from pathlib import Path

from textual.message import Message
from textual.message_pump import MessagePump
from textual.widget import Widget

from groqchat.ui.terminal import dispatch
from tests.ui.stage import Stage, until

UI = Path(dispatch.__file__).parents[1]


def all_below(base):
    """The classes of ours and of Textual's that are made of one, and it."""
    below = {base}.union(*map(all_below, base.__subclasses__()))
    return {each for each in below if each.__module__.split(".")[0] in {"groqchat", "textual"}}


def unmade(kind, **fields):
    """An object without its constructor."""
    made = kind.__new__(kind)
    for name, value in fields.items():
        setattr(made, name, value)
    return made


def test_all_handlers_of_all_widgets_are_found(monkeypatch):
    monkeypatch.setattr(dispatch, "_known", {})
    for path in UI.rglob("*.py"):
        import_module(".".join(path.relative_to(UI.parents[1]).with_suffix("").parts))
    kinds = [kind for kind in all_below(Message) if hasattr(kind, "handler_name")]
    messages = [unmade(kind, _no_default_action=False, _sender=None) for kind in kinds]
    found, chosen = 0, 0
    for pump in map(unmade, all_below(MessagePump)):
        for message in messages:
            name = message.handler_name
            known = dispatch._handlers(type(pump), type(message), name)
            chosen += known is None
            found += len(known or ())
            wanted = list(dispatch._look_through_all(pump, name, message))
            assert list(dispatch._remembered(pump, name, message)) == wanted
    assert found > 1_000
    assert chosen < found / 20  # what decorators choose is seldom


class Told(Message):
    pass


class Base(Widget):
    def on_told(self):
        self.app.told.append("base")


class Silent(Base):
    def on_told(self, event):
        self.app.told.append("silent")
        event.prevent_default()


async def test_a_handler_keeps_those_of_its_bases_from_acting():
    class Telling(Stage):
        def compose(self):
            yield Base()
            yield Silent()

    app = Telling()
    app.told = []
    async with app.run_test() as pilot:
        dispatch.remember_handlers()
        for widget in app.query(Base):
            widget.post_message(Told())
        await until(pilot, lambda: len(app.told) == 2)
        await pilot.pause()
    assert sorted(app.told) == ["base", "silent"]


def test_textuals_log_is_left_alone_where_somebody_reads_it(monkeypatch):
    monkeypatch.setattr(dispatch.message_pump, "log", heard := object())
    monkeypatch.setenv("TEXTUAL", "devtools")
    dispatch.remember_handlers()
    assert dispatch.message_pump.log is heard
    monkeypatch.delenv("TEXTUAL")
    dispatch.remember_handlers()
    assert isinstance(dispatch.message_pump.log, dispatch._Unheard)
