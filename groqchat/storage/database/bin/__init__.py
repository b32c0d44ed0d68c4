"""The bin: deleted sessions and messages, until they are removed for good."""
