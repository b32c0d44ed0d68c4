"""Sums of the ledger: what is kept of them, and how periods are put together."""
