"""Usage comes once, twice, in either place, in any order: it is counted once."""

from hypothesis import given
from hypothesis import strategies as st

from groqchat.provider.answer_reader import AnswerReader
from tests.provider.scripted import delta, event

USAGE = {"prompt_tokens": 80, "completion_tokens": 30, "total_tokens": 110}
TOLD = (
    {"choices": [], "usage": USAGE},
    {"choices": [], "x_groq": {"id": "req_1", "usage": USAGE}},
    {"choices": [], "usage": USAGE, "x_groq": {"id": "req_1", "usage": USAGE}},
)
EMPTY = ({"choices": [], "usage": None}, {"choices": [], "x_groq": {"usage": {}}}, {"choices": []})


@given(st.data(), st.lists(st.sampled_from(TOLD), min_size=1), st.lists(st.sampled_from(EMPTY)))
def test_any_order_and_number_of_usage_chunks_gives_the_same_sum(data, told, empty):
    chunks = [event(chunk) for chunk in (*told, *empty)] + [delta(content="a"), delta("stop")]
    reader = AnswerReader()
    for chunk in data.draw(st.permutations(chunks)):
        reader.feed(chunk)
    reader.feed(b"data: [DONE]\n\n")
    reader.finish()
    usage = reader.usage
    assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (80, 30, 110)
