"""Batches: read from files, submitted once, followed, collected and priced."""
