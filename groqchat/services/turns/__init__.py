"""One turn, from a prompt to a saved, priced answer."""
