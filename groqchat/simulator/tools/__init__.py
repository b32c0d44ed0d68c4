"""The tools of requests to the pretend Groq."""
