"""Readers of what other programs export: one module a format."""
