"""The chat in a browser, by textual-serve (the extra ``web``)."""
