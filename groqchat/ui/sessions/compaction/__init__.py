"""Makes conversations shorter that are too long for a model or a limit."""
