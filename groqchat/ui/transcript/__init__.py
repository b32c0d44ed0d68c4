"""The conversation on the screen: a line-API widget that lays out only what is looked at.

The owner tells it entries and listens to its messages; it stores nothing itself.

    from groqchat.ui.transcript.entries import Entry, EntryKind, EntryState
    from groqchat.ui.transcript.view import Transcript

    transcript.show(entries)                    # a session; opens at its end
    transcript.add(Entry("7", EntryKind.USER, "You", "Hello"))
    transcript.add(Entry("8", EntryKind.ASSISTANT, "llama-3.3", state=EntryState.STREAMING))
    transcript.append("8", "Hel")               # as often as one likes; painted in frames
    transcript.append_reasoning("8", "Hm…")
    transcript.rethink("8")                     # what came as text so far was reasoning
    transcript.finish("8", footer="12 tokens")  # state=EntryState.DONE unless told otherwise
    transcript.update("8", version="2/2")       # any field; the text only if nothing grows
    transcript.cut("7")                         # drop this entry and all below it

* Stubs (``Entry(id, role, label, text=None, size=n)``) cost next to nothing. When one comes near
  the viewport, `Transcript.Wanted` asks for its text; answer with `Transcript.supply`.
* `source(id)` and `code_blocks(id)` give the exact text; `find` and `find_next`
  search what is loaded.
* The view follows the end until the user scrolls up; `follow()` goes back there.
* Clicks never take the focus from the composer; tab does. With the focus, keys move a cursor
  from entry to entry and post `EditAsked`, `RegenerateAsked`, `CopyAsked`, `CodeCopyAsked`,
  `VersionAsked`; a click on a link posts `LinkClicked`.
"""
