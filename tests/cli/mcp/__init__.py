"""Tests of the commands about servers of tools."""
