"""Random keys at a chat that queues prompts, with many seeds."""

import pytest

from tests.ui.chat.test_queueing import Gate
from tests.ui.chat.test_queueing_property import User
from tests.ui.conftest import _idleness, groq, server  # noqa: F401  # fixtures


@pytest.mark.parametrize("seed", range(100, 130))
async def test_each_prompt_is_sent_once_in_order_whatever_is_pressed(request, monkeypatch, seed):
    gate = Gate(monkeypatch)
    user = User(seed, gate, request.getfixturevalue("groq"))
    for _ in range(3):
        gate.close()
        await user.session(12)
    await user.finish()
    asked = list(dict.fromkeys(gate.asked))
    assert asked == [text for text in user.entered if text in asked]
