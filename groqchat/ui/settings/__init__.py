"""The window with the settings, and the one with the keys."""
