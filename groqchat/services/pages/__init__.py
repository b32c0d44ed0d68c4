"""Web pages in prompts: fetched, and read as text."""
