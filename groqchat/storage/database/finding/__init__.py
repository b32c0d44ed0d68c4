"""Finds sessions for lists, and messages by their words."""
