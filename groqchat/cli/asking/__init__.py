"""The parts of ``groqchat ask``: its schema, and its output."""
