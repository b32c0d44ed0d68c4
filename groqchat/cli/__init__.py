"""The command line, one module a command; data goes to stdout, narration to stderr."""
