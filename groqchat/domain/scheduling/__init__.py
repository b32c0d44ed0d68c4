"""Scheduling: how many requests may be under way at once."""
