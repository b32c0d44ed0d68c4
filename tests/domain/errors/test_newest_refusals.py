"""Limits of input, output and audio, in the bodies that Groq sent in September and October 2026."""

import pytest

from groqchat.domain.errors.diagnosis import diagnose
from groqchat.domain.limits.quota import LimitKind

PLACE = "for model `{}` in organization `org_x` service tier `on_demand` on "
QWEN, WHISPER = PLACE.format("qwen/qwen3.8-27b"), PLACE.format("whisper-large-v3-turbo")
UPGRADE = (
    " Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing"
)
# Status, message, type; cause, bucket, limit, used, requested, seconds to wait; what to do.
BODIES = [
    (
        413,
        (
            f"Request too large {QWEN}input tokens per minute (ITPM): Limit 7000, Requested 13657, "
            f"please reduce your message size and try again.{UPGRADE}"
        ),
        "tokens",
        ("input_too_large", LimitKind.ITPM, 7000, None, 13657, None),
        "Shorten the prompt, /compact the conversation, or switch model.",
    ),
    (
        429,
        (
            f"Rate limit reached {QWEN}input tokens per minute (ITPM): Limit 7000, Used 4639, "
            f"Requested 4830. Please try again in 21.16s.{UPGRADE}"
        ),
        "tokens",
        ("rate_limited", LimitKind.ITPM, 7000, 4639, 4830, 21.16),
        "Send again in 22s",
    ),
    (
        429,
        (
            f"Request too large {QWEN}output tokens per minute (OTPM): Limit 1000, Requested 2048. "
            "The "
            "request's expected output tokens exceed the enforced limit; reduce max_tokens (or the "
            f"request's expected output) and try again.{UPGRADE}"
        ),
        "tokens",
        ("output_too_large", LimitKind.OTPM, 1000, None, 2048, None),
        "Lower /max-tokens",
    ),
    (
        429,
        (
            f"Rate limit reached {QWEN}output tokens per minute (OTPM): Limit 1000, Used 528, "
            f"Requested 600. Please try again in 7.68s.{UPGRADE}"
        ),
        "tokens",
        ("rate_limited", LimitKind.OTPM, 1000, 528, 600, 7.68),
        "Send again in 8s",
    ),
    (
        429,
        (
            f"Rate limit reached {WHISPER}seconds of audio per day (ASPD): Limit 28800, "
            f"Used 28598, Requested 818. Please try again in 30m46.361999999s.{UPGRADE}"
        ),
        "seconds",
        ("rate_limited", LimitKind.ASD, 28800, 28598, 818, 1846.361999999),
        "Send again in 30m 47s",
    ),
    (
        413,
        (
            f"Request too large {WHISPER}seconds of audio per day (ASPD): Limit 28800, "
            "Requested 42762"
        ),
        "seconds",
        ("audio_too_long", LimitKind.ASD, 28800, None, 42762, None),
        "Split the file into shorter ones",
    ),
]


@pytest.mark.parametrize(("status", "message", "kind", "told", "advice"), BODIES)
def test_every_number_of_a_body_is_read_and_the_advice_fits(status, message, kind, told, advice):
    sent = {"error": {"message": message, "type": kind, "code": "rate_limit_exceeded"}}
    error = diagnose(status, sent, {})
    facts = error.facts
    assert told == (
        error.cause.name, facts.limit_kind, facts.limit, facts.used, facts.requested,
        facts.retry_after_s,
    )  # fmt: skip
    assert advice in error.suggestion
    assert not any(model in error.message for model in ("org_x", "Upgrade"))
