"""The commands about servers of tools, and about their tools."""
