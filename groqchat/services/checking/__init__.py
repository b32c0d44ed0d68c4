"""Checks of answers that may never end: they run in a process of their own, within a limit."""
