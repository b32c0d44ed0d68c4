"""Copies of the whole database, made and put back in one step."""
