"""Images that are sent to the pretend Groq."""
