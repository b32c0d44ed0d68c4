"""The ratings on the command line."""

import asyncio

from groqchat.bootstrap import Launch, open_services
from groqchat.domain.compare.compare import Note, Verdict, Vote


def keep(*kept):
    """Votes and notes as the screen would keep them."""

    async def save():
        async with open_services(Launch()) as services:
            for each in kept:
                store = services.votes.save_note if isinstance(each, Note) else services.votes.save
                await store(each)

    asyncio.run(save())


def vote(turn, winner, tag=""):
    return Vote("s1", turn, float(turn), ("a", "b"), Verdict.WINNER, winner, tag=tag)


def test_without_votes_it_says_how_to_get_some(groqchat):
    outcome = groqchat("leaderboard")
    assert (outcome.code, outcome.out) == (0, "")
    assert "Ctrl+K" in outcome.err
    assert groqchat("leaderboard", "--json").json["models"] == []


def test_models_are_rated_by_the_kind_of_task(groqchat):
    keep(
        *(vote(turn, "a") for turn in (1, 2, 3)),
        *(vote(turn, "b", "code") for turn in (4, 5)),
        Note("s1", 4, 4.0, "b knows generators", "code"),
        Note("s1", 1, 1.0, "dull"),
    )
    told = groqchat("leaderboard")
    assert "No order of a and b is shown (3 to 2 votes)." in told.err
    lines = told.out.splitlines()
    assert lines[0].split() == ["#", "model", "rating", "95", "%", "bounds", "won", "tied", "lost"]
    assert [line.split()[1] for line in lines[1:]] == ["a", "b"]
    code = groqchat("leaderboard", "--tag", "CODE", "--json").json
    assert [(row["model"], row["wins"], row["losses"]) for row in code["models"]] == [
        ("b", 2, 0),
        ("a", 0, 2),
    ]
    assert code["models"][0]["low"] < code["models"][0]["rating"] < code["models"][0]["high"]
    (pair,) = code["pairs"]
    assert (pair["first"]["model"], pair["wins"], pair["losses"], pair["p"]) == ("a", 0, 2, 0.5)
    assert (code["votes"], code["tags"]) == (2, ["code"])
    assert [note["text"] for note in code["notes"]] == ["b knows generators"]


def test_votes_that_say_all_bad_are_named_beside_the_ties(groqchat):
    bad = Vote("s1", 2, 2.0, ("a", "b"), Verdict.ALL_BAD)
    keep(vote(1, "a"))
    assert "all bad" not in groqchat("leaderboard").err
    keep(bad)
    assert "1 says all bad, and counts as a tie." in groqchat("leaderboard").err
    counted = groqchat("leaderboard", "--json").json
    assert counted["all_bad"] == 1
    assert [(row["wins"], row["ties"]) for row in counted["models"]] == [(1, 1), (0, 1)]


def test_a_tag_that_no_vote_has_is_named_with_those_there_are(groqchat):
    assert "No votes yet" in groqchat("leaderboard", "--tag", "cod").err
    keep(vote(1, "a", "code"), vote(2, "a", "mixed-case"))
    outcome = groqchat("leaderboard", "--tag", "cod")
    assert (outcome.code, outcome.out) == (0, "")
    said = " ".join(outcome.err.split())
    assert "No vote has the tag 'cod'; did you mean code? Tags with votes: code," in said
    assert "a" in groqchat("leaderboard", "--tag", "Mixed Case").out


def test_a_vote_on_the_answer_of_one_model_alone_rates_none(groqchat):
    keep(Vote("s1", 1, 1.0, ("a",), Verdict.ALL_BAD))
    outcome = groqchat("leaderboard")
    assert (outcome.code, outcome.out) == (0, "")
    assert "of two different models" in outcome.err
