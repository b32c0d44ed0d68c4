"""Reads the files of other programs: their databases, and JSON in files and archives."""
