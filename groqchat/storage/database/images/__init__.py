"""Images of prompts: each stored once, and deleted with the last message that shows it."""
