"""Saved sessions: summaries, options, and the archive of one."""
