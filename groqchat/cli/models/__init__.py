"""``groqchat models``."""
