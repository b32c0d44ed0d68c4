"""``groqchat sessions``: saved conversations on the command line."""
