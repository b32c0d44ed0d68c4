"""The comparison screen and what its commands do."""
