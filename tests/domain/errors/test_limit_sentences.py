"""A refusal reads like a sentence whichever of its numbers the server told."""

import itertools
import re

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.limits.quota import LimitKind

NUMBERS = {"limit": 8000, "used": 7600, "requested": 900}
CASES = [
    (kind, dict(itertools.compress(NUMBERS.items(), chosen)), detail, model)
    for kind in (None, LimitKind.TPM, LimitKind.ASD)
    for chosen in itertools.product((True, False), repeat=3)
    for detail in ("", "No deployments available")
    for model in (None, "mock")
]


@pytest.mark.parametrize("cause", ["rate_limited", "too_large", "output_too_large"])
def test_every_combination_of_numbers_makes_a_sentence(cause):
    for kind, numbers, detail, model in CASES:
        said = failure(cause, limit_kind=kind, detail=detail, model=model, **numbers).message
        assert re.fullmatch(r"(mock|[A-Z]\w+) [^{}]*[^ .:;,]\.( Waiting does not help\.)?", said), (
            said
        )
        assert not re.search(r"named no numbers|[:;] *[.:;]|for (one|the|a)\b|  ", said), said
        assert all(f"{value:,}" in said for value in numbers.values())
        assert kind is None or f"({kind})" in said


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "mock is at one of its limits; the server did not say which."),
        ({"detail": "slow down", "vendor": "Acme"},
         "mock is at one of its limits; Acme says: slow down."),
        ({"limit": 5}, "mock is at one of its limits: limit 5."),
        ({"limit_kind": LimitKind.TPM}, "mock is at its limit for tokens per minute (TPM)."),
        ({"limit_kind": LimitKind.TPM, "limit": 5, "used": 4},
         "mock is at its limit for tokens per minute (TPM): limit 5, used 4."),
    ],
)  # fmt: skip
def test_what_is_not_known_of_a_limit_is_not_made_up(facts, said):
    assert failure("rate_limited", model="mock", **facts).message == said
