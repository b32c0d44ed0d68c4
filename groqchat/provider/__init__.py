"""Groq through its SDK: the only package that knows groq and httpx."""
