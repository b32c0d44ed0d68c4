"""What a request may raise, while SDKs come and go."""

import sys
import types

import groq
import httpx

from groqchat.provider.failures import expected


def test_an_sdk_counts_only_once_it_is_there(monkeypatch):
    monkeypatch.delitem(sys.modules, "groq")
    assert groq.GroqError not in expected()
    # Another thread is at it, and has not come far.
    monkeypatch.setitem(sys.modules, "groq", types.ModuleType("groq"))
    assert httpx.HTTPError in expected()
    monkeypatch.setitem(sys.modules, "groq", groq)
    assert groq.GroqError in expected()
