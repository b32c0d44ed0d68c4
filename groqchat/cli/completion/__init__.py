"""``groqchat completion``."""
