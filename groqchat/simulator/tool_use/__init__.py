"""What answers do with tools: calls of the client's, and steps of the server's own."""
