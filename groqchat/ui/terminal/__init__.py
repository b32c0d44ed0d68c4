"""The terminal: clipboard, control codes, painting, hang-ups, files, the editor."""
