"""Images for prompts: read from files, the clipboard and the web, and made to fit."""
