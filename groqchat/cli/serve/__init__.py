"""``groqchat serve``."""
