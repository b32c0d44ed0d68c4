"""Images in prompts: their marks in texts, what servers take of them, and what they cost."""
