"""Whose server stands at an address, as sentences call it."""

import pytest

from groqchat.provider.servers import server_at


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://api.groq.com", "Groq"),
        ("https://api.groq.com/openai/v1", "Groq"),
        ("https://eu.api.groq.com", "Groq"),
        ("https://api.groq.com.evil.example", "api.groq.com.evil.example"),
        ("http://127.0.0.1:4000", "127.0.0.1:4000"),
        ("http://[::1]:4000", "[::1]:4000"),
        ("https://me:secret@llm.example/groq", "llm.example"),
        ("https://llm.example:port", "the server"),
        ("nonsense", "the server"),
    ],
)
def test_a_server_is_called_by_its_host(address, name):
    assert server_at(address).name == name
    assert server_at(address).is_groq == (name == "Groq")
