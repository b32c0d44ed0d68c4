"""The windows of MCP servers and their tools."""
