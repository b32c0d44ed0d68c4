"""Groq and compatible APIs through their SDKs; imports groq, openai and httpx."""
