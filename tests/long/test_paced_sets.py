"""Thousands of prompts on the developer plan, in virtual time: nearly all of the limits is used."""

import pytest

from groqchat.domain.models.catalog import Plan
from tests.services.prompt_sets.paced import in_virtual_time, paced


def run(monkeypatch, home, count, **more):
    return in_virtual_time(paced(monkeypatch, home, count, plan=Plan.DEVELOPER, **more))


@pytest.mark.timeout(1200)
def test_all_of_the_limit_of_requests_is_used_and_nothing_refused(monkeypatch, groqchat_home):
    pace = run(monkeypatch, groqchat_home, 5_000)
    assert pace.booked == {200: 5_000}
    assert pace.least > 100
    assert pace.ratio <= 1.05


@pytest.mark.timeout(1200)
def test_all_of_the_limit_of_tokens_is_used_and_nothing_refused(monkeypatch, groqchat_home):
    pace = run(monkeypatch, groqchat_home, 5_000, words=300, answer=100)
    assert pace.booked == {200: 5_000}
    assert pace.least > 250
    assert pace.ratio <= 1.05


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("prompts", [{}, {"words": 300, "answer": 100}])
def test_beside_a_second_client_one_refusal_a_limit_and_nearly_all_of_the_rest(
    monkeypatch, groqchat_home, prompts
):
    pace = run(monkeypatch, groqchat_home, 5_000, share=1 / 3, **prompts)
    assert pace.booked[200] == 5_000
    assert set(pace.refused.values()) <= {1}, pace.refused
    assert pace.ratio <= 1 / 0.9


@pytest.mark.timeout(1200)
def test_failures_are_sent_again_and_nothing_is_refused(monkeypatch, groqchat_home):
    pace = run(monkeypatch, groqchat_home, 5_000, failing=50)
    assert pace.booked == {200: 5_000, 503: 100}
    assert pace.ratio <= 2  # every failure narrows the lane, which takes time to widen again
