"""``groqchat leaderboard``: models rated by the user's own votes, by kind of task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.arguments import add_json, run_async
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.output import narrate, print_json, table
from groqchat.domain.compare.leaderboard import (
    ALONE,
    bad_words,
    leaderboard,
    number_of_bad,
    rank_rows,
    tags_of,
    unknown_tag,
)
from groqchat.domain.compare.rules import tag_from
from groqchat.domain.compare.vote_conclusions import order_sentences, pair_rows, voted_pairs
from groqchat.domain.text.humanize import count

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from groqchat.bootstrap import LocalServices
    from groqchat.domain.compare.compare import Note

HELP = "how models rank by your own votes in comparisons, by kind of task"
EXAMPLES = """\
groqchat leaderboard
groqchat leaderboard --tag code
groqchat leaderboard --json | jq -r '.models[0].model'
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--tag", metavar="TAG", help="only votes on tasks of this kind")
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print the ratings."""
    return run_async(args, lambda services: _print(services, args), may_forget=True)


async def _print(services: LocalServices, args: argparse.Namespace) -> int:
    tag = tag_from(args.tag) if args.tag else None
    all_votes = await services.votes.all()
    votes = [vote for vote in all_votes if tag is None or vote.tag == tag]
    ranks = leaderboard(votes)
    if args.json:
        notes = [note for note in await services.votes.notes() if tag is None or note.tag == tag]
        print_json(
            {
                "tag": tag,
                "tags": tags_of(all_votes),
                "votes": len(votes),
                "all_bad": number_of_bad(votes),
                "models": list(rank_rows(ranks)),
                "pairs": list(pair_rows(voted_pairs(votes))),
                "notes": list(map(_note, notes)),
            }
        )
        return ExitCode.DONE
    if not ranks:
        narrate(ALONE if votes else _why_empty(tag, tags_of(all_votes), has_votes=bool(all_votes)))
        return ExitCode.DONE
    rows = [
        [
            *(str(row["place"]), rank.model, str(row["rating"])),
            f"{row['low']} to {row['high']}",
            *(str(row[name]) for name in ("wins", "ties", "losses")),
        ]
        for rank, row in zip(ranks, rank_rows(ranks), strict=True)
    ]
    table(("#>", "model", "rating>", "95 % bounds>", "won>", "tied>", "lost>"), rows)
    number = f"{count(len(votes))} vote{'s' * (len(votes) != 1)}"
    narrate(f"From {number}; 1000 is the average rating, 400 points are odds of 10 to 1.")
    for sentence in order_sentences(votes, ranks):
        narrate(sentence)
    if said := bad_words(votes):
        narrate(said)
    return ExitCode.DONE


def _why_empty(tag: str | None, tags: Sequence[str], *, has_votes: bool) -> str:
    if tag is None or not has_votes:
        return "No votes yet: compare models in the chat (Ctrl+K) and name the best answer."
    return unknown_tag(tag, tags)


def _note(note: Note) -> dict[str, object]:
    return {
        "session_id": note.session_id,
        "turn": note.turn,
        "time": note.time,
        "tag": note.tag or None,
        "text": note.text,
    }
