"""Parts of the chat that belong to no single dialog: figures, drafts, themes."""
