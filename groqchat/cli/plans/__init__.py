"""``groqchat plan``."""
