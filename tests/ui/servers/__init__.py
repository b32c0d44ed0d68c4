"""Tests of the windows of MCP servers."""
