"""Tests of servers of tools."""
