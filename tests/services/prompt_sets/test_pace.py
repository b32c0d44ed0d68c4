"""Sets run at the pace of the limits; ``tests/long/test_paced_sets`` does the same in thousands."""

import pytest

from tests.services.prompt_sets.paced import paced
from tests.services.prompt_sets.test_prompt_sets import QWEN

TOKENS = {"words": 150, "answer": 200}
# A limit on what is answered alone.
OUTPUT = {"model": QWEN, "words": 20, "answer": 60}


@pytest.mark.parametrize("prompts", [{}, TOKENS, OUTPUT], ids=["requests", "tokens", "output"])
async def test_nearly_all_of_the_binding_limit_is_used_and_nothing_refused(
    monkeypatch, groqchat_home, prompts
):
    pace = await paced(monkeypatch, groqchat_home, 90, **prompts)
    assert pace.booked == {200: 90}
    assert 0.99 <= pace.ratio <= 1.05


@pytest.mark.parametrize("prompts", [{}, TOKENS], ids=["requests", "tokens"])
async def test_a_second_client_costs_one_refusal_and_leaves_its_share_alone(
    monkeypatch, groqchat_home, prompts
):
    pace = await paced(monkeypatch, groqchat_home, 90, share=1 / 3, **prompts)
    assert pace.booked[200] == 90
    assert set(pace.refused.values()) <= {1}, pace.refused
    assert pace.ratio <= 1 / 0.9


async def test_requests_that_fail_are_sent_again_and_nothing_is_refused(monkeypatch, groqchat_home):
    pace = await paced(monkeypatch, groqchat_home, 60, failing=20)
    assert pace.booked == {200: 60, 503: 3}
    assert pace.ratio <= 1.1
