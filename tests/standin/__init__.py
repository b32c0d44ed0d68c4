"""A second pretend Groq, written from public facts alone, to hold groqchat and its simulator to."""
