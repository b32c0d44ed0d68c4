"""``groqchat transcribe`` and ``groqchat speak``."""
