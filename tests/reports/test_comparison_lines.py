"""What was said of a comparison is told with it."""

import json
from dataclasses import replace

from groqchat.domain.compare.compare import ComparisonRecord, Note, SavedColumn, Verdict, Vote
from groqchat.domain.compare.judging import Judgement, Opinion
from groqchat.domain.errors.table import failure
from groqchat.domain.turns.chat import Options
from groqchat.reports.comparison_lines import comparison_lines
from tests.services.archives import EXPORTS, TALK

GONE = failure("model_not_found", status=404, model="model/c")
RECORD = ComparisonRecord(
    "s1",
    2,
    (
        SavedColumn(Options("model/a")),
        SavedColumn(Options("model/b")),
        SavedColumn(Options("model/c"), None, 2, GONE),
    ),
    tag="code",
)
JUDGED = Judgement(
    "s1", 1, 5.0, "model/j", Verdict.WINNER, "model/b", True, (Opinion("model/b", 1.0, "Exact."),)
)
NOTE = Note("s1", 1, 3.0, "Shorter is better")
COMPARED = replace(
    TALK,
    record=RECORD,
    votes=(
        Vote("s1", 1, 1.0, ("model/a", "model/b"), Verdict.WINNER, "model/a", True, "code"),
        Vote("s1", 2, 2.0, ("model/a", "model/b"), Verdict.ALL_BAD),
    ),
    notes=(NOTE,),
    judgements=(JUDGED,),
)


def test_people_read_a_line_for_each_thing():
    assert list(comparison_lines(COMPARED)) == [
        "Models: model/a, model/b, model/c",
        "Kind of task: code",
        "Turn 1: model/a was the best (voted blind)",
        "Turn 1: model/j judged: model/b was the best",
        "Turn 1: note: Shorter is better",
        "Turn 2: all bad",
        "model/c failed 2 times, the last time because of: 404 · Model not found",
    ]


def test_every_form_tells_it_and_json_as_it_always_did():
    for form in ("markdown", "html"):
        text = EXPORTS[form](COMPARED)
        assert all(line in text for line in comparison_lines(COMPARED))
    told = json.loads(EXPORTS["jsonl"](COMPARED))["comparison"]
    promised = {
        "turn": 1, "verdict": "winner", "winner": "model/a",
        "models": ["model/a", "model/b"], "blind": True,
    }  # fmt: skip
    assert promised.items() <= told["votes"][0].items()
    assert told["verdicts"][0]["reasons"] == {"model/b": "Exact."}
    assert told["failures"] == {"model/a": 0, "model/b": 0, "model/c": 2}
