"""``groqchat key``."""
