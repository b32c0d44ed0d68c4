"""Batches: their lines, how they are split, their states and their results."""
