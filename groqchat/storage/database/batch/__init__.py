"""The store of batches: its rows and queries."""
