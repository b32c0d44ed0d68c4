"""The estimate of a text, judged by samples whose tokens are counted."""

from collections import defaultdict
from statistics import mean

from groqchat.domain.turns import token_estimate
from groqchat.domain.turns.token_estimate import WEIGHTS, counted, estimate_tokens
from groqchat.domain.turns.tokens import ERROR
from tests.domain.turns.token_samples import samples

ALL = samples()


def errors():
    """By kind, how far each estimate is off, as a share of the truth."""
    by_kind = defaultdict(list)
    for sample in ALL:
        by_kind[sample.kind].append(estimate_tokens(sample.text) / sample.true_tokens - 1)
    return by_kind


def test_the_mean_error_is_at_most_a_tenth():
    assert mean(mean(map(abs, each)) for each in errors().values()) <= 0.10


def test_no_text_is_further_off_than_the_doubt_that_is_allowed_for():
    off = {kind: max(map(abs, each)) for kind, each in errors().items()}
    assert {kind: error for kind, error in off.items() if error > ERROR} == {}


def test_every_weight_weighs_something():
    found = set().union(*(counted(sample.text) for sample in ALL))
    rare = {"Armenian, Georgian", "Armenian, Georgian, each"}
    assert WEIGHTS.keys() - found <= rare
    assert counted("թեյ")["Armenian, Georgian, each"] == 3


def test_a_prompt_of_a_set_is_counted_once_for_all_who_ask(monkeypatch):
    calls = []
    monkeypatch.setattr(
        token_estimate, "counted", lambda text: (calls.append(text), counted(text))[1]
    )
    prompt = "Which of these prompts has been counted before?"
    assert len({estimate_tokens(prompt) for _ in range(5)}) == 1
    assert calls == [prompt]
