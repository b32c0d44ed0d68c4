from __future__ import annotations

from decimal import Decimal

from groqchat.domain.batch.results import LineResult, cost_of_result
from groqchat.domain.batch.submission import LineStatus
from groqchat.domain.money.pricing import Price
from groqchat.domain.money.usage import Usage

PRICE = Price(input=Decimal("0.15"), cached_input=Decimal("0.075"), output=Decimal("0.60"))
SPEECH = Price(per_hour=Decimal("0.04"))


def result(usage=None, audio_s=None):
    return LineResult("a", LineStatus.COMPLETED, "Hi", usage=usage, audio_s=audio_s)


def test_a_batch_costs_half_whatever_the_cache_did():
    plain = cost_of_result(result(Usage(1_000_000, 0, 1_000_000)), PRICE)
    cached = cost_of_result(result(Usage(1_000_000, 900_000, 1_000_000)), PRICE)
    assert plain.total == cached.total == Decimal("0.375")
    assert cached.saved_by_cache == 0


def test_audio_costs_half_by_its_length_with_the_minimum():
    assert cost_of_result(result(audio_s=3600.0), SPEECH).total == Decimal("0.02")
    short, least = (
        cost_of_result(result(audio_s=2.0), SPEECH),
        cost_of_result(result(audio_s=10.0), SPEECH),
    )
    assert short.total == least.total > 0


def test_what_is_not_known_stays_unknown():
    assert cost_of_result(result(Usage(1, 0, 1)), None) is None
    assert cost_of_result(result(), SPEECH) is None
