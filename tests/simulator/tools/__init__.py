"""Tests of the tools of requests to the pretend Groq."""
