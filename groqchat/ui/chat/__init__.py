"""The chat screen and what its commands do."""
