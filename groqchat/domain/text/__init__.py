"""Text: safe for a terminal, free of secrets, compared, searched, formatted."""
