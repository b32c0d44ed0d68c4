"""``groqchat compare --file``: sets of prompts."""
