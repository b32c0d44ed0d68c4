"""The commands about the team."""
