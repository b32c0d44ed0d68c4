"""Tests of the commands about the team."""
