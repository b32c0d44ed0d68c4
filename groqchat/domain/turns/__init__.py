"""One turn: messages and events, token estimates, retries, fallback, reasoning."""
