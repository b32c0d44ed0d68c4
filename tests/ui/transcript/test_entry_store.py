"""The first words of an answer reach the terminal before anything else is done."""

from groqchat.ui.transcript import entry_store
from groqchat.ui.transcript.entry_store import EntryStore


def test_what_is_painted_at_once_is_written_before_anything_else_is_done(monkeypatch):
    done = []
    monkeypatch.setattr(entry_store, "paint_now", lambda widget: done.append(("paint", widget)))
    monkeypatch.setattr(entry_store, "sleep", lambda seconds: done.append(("wait", seconds)))
    store = EntryStore()
    store.paint()
    assert done == [("paint", store), ("wait", entry_store.HAND_OVER_S)]
