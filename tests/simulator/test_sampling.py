"""Parameters of sampling: what ends an answer, and which model takes what."""

import pytest

from groqchat.domain.models.catalog import Model
from groqchat.simulator.composed_answer import ComposedAnswer
from groqchat.simulator.exchange import RefusedError
from groqchat.simulator.sampling import check_sampling, end_before

from .conftest import post


@pytest.mark.parametrize(
    ("stops", "content", "reason"),
    [
        ((), ["One, ", "two, ", "three."], "length"),
        (("four",), ["One, ", "two, ", "three."], "length"),
        (("three", "two"), ["One, "], "stop"),
        (("o, th",), ["One, ", "tw"], "stop"),
        (("One",), [], "stop"),
    ],
)
def test_an_answer_ends_before_the_first_of_the_texts(stops, content, reason):
    answer = ComposedAnswer([], ["One, ", "two, ", "three."], "length")
    end_before(answer, stops)
    assert (answer.content, answer.finish_reason) == (content, reason)


def test_a_model_refuses_what_its_list_does_not_name():
    model = Model("m", sampling=("temperature",))
    assert check_sampling({"temperature": 0, "seed": None, "stop": None}, model) == ()
    with pytest.raises(RefusedError) as refused:
        check_sampling({"seed": 7}, model)
    assert b"`seed` is not supported with this model" in refused.value.reply.body


async def test_equal_requests_with_a_seed_are_answered_alike_and_stop_as_told(http):
    asked = {"messages": [{"role": "user", "content": "Tell me about limits."}], "seed": 7}
    first, second = [(await post(http, **asked)).json()["choices"][0] for _ in range(2)]
    assert first["message"]["content"] == second["message"]["content"]
    text = first["message"]["content"]
    stop = text[20:24]
    short = (await post(http, **asked, stop=stop)).json()["choices"][0]
    assert short["message"]["content"] == text[: text.find(stop)]
    assert short["finish_reason"] == "stop"
