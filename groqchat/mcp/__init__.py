"""Servers of tools, asked through the SDK of the Model Context Protocol."""
