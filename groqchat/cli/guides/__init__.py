"""``groqchat help``."""
