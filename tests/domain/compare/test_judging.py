"""What judges say is read whatever way they say it, or not at all; two rounds make a verdict."""

import json

import pytest

from groqchat.domain.compare.compare import Verdict
from groqchat.domain.compare.judging import Ranking, judgement, read_ranking, task

ORDER = (0, 1, 2)
PLAIN = {"ranking": ["B", "A", "C"], "reasons": {"A": "Fine.", "B": "Best\nof all.", "C": "No."}}


def order_of(ranking):
    return sorted(ranking.places, key=ranking.places.get)


@pytest.mark.parametrize(
    "said",
    [
        json.dumps(PLAIN),
        f"Sure! Here it is:\n```json\n{json.dumps(PLAIN, indent=2)}\n```\nAnything else?",
        f'{{"thought": "hm"}} {json.dumps(PLAIN)}',
        '{"ranking": ["Answer B", "answer a", "Answer C."]}',
        '{"ranking": [{"letter": "B"}, {"letter": "A"}, {"letter": "C"}]}',
        '{"ranking": "B > A > C"}',
        "I think the order is:\n\n**B > A > C**",
    ],
)
def test_a_ranking_is_found(said):
    ranking = read_ranking(said, ORDER)
    assert order_of(ranking) == [1, 0, 2]
    assert ranking.best == 1


@pytest.mark.parametrize(
    "said",
    [
        "",
        "B is the best.",
        "{",
        '{"ranking": ["A", "B"]}',
        '{"ranking": ["A", "B", "B"]}',
        '{"ranking": ["A", "B", "C", "A"]}',
        '{"ranking": 3}',
        '{"ranking": null, "reasons": []}',
        "A > B",
        "[" * 5_000,
        "{" * 5_000,
        '{"a":' * 5_000,
    ],
)
def test_what_is_no_order_of_all_answers_is_none(said):
    assert read_ranking(said, ORDER) is None


def test_letters_stand_for_the_answers_in_the_order_in_which_they_were_shown():
    ranking = read_ranking(json.dumps(PLAIN), (2, 1, 0))
    assert order_of(ranking) == [1, 2, 0]
    assert ranking.reasons == {2: "Fine.", 1: "Best of all.", 0: "No."}


def test_equal_answers_share_a_place():
    ranking = read_ranking('{"ranking": [["A", "C"], "B"]}', ORDER)
    assert ranking.places == {0: 0, 2: 0, 1: 2}
    assert ranking.best is None
    assert read_ranking("B > A = C", ORDER).places == {1: 0, 0: 1.5, 2: 1.5}


def test_the_task_holds_the_answers_in_order_and_asks_for_json():
    said = task("Why {it}?", ["first {x}", "second"])
    assert said.index("first {x}") < said.index("second")
    assert "Why {it}?" in said
    assert "JSON" in said
    assert '<answer letter="B">\nsecond' in said
    assert said.endswith('{"ranking": ["B", "A"], "reasons": {"A": "…", "B": "…"}}')


def verdict(first, second):
    return judgement(
        (Ranking(first, {0: "Short."}), Ranking(second, {1: "Long."})),
        ["a", "b"],
        session_id="s",
        turn=1,
        time=2.0,
        judge="j",
    )


def test_who_is_the_best_in_both_orders_wins():
    judged = verdict({0: 1, 1: 0}, {0: 1, 1: 0})
    assert (judged.verdict, judged.winner, judged.agreed) == (Verdict.WINNER, "b", True)
    assert [(o.model, o.place, o.reason) for o in judged.opinions] == [
        ("b", 1, "Long."),
        ("a", 2, "Short."),
    ]


@pytest.mark.parametrize(
    ("first", "second", "agreed"),
    [
        ({0: 0, 1: 1}, {0: 1, 1: 0}, False),
        ({0: 0, 1: 0}, {0: 1, 1: 0}, False),
        ({0: 0, 1: 0}, {0: 0, 1: 0}, True),
    ],
)
def test_where_the_rounds_disagree_it_is_a_tie(first, second, agreed):
    judged = verdict(first, second)
    assert (judged.verdict, judged.winner, judged.agreed) == (Verdict.TIE, None, agreed)


def test_a_judge_gets_answers_without_the_reasoning_that_stands_in_them():
    text = task("1 + 1?", ["<think>Hm.</think>Two.", "2"])
    assert "Two." in text
    assert "Hm." not in text
