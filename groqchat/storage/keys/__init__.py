"""API keys: the system's keyrings, commands that print keys, and the index of profiles."""
