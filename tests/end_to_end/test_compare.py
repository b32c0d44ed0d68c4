"""Four models at once at a real terminal: every column is whole, and typing goes on meanwhile."""

import sqlite3
from contextlib import closing

import pytest

from groqchat.domain.models.catalog import Plan
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.end_to_end.terminal import rows_of

pytestmark = pytest.mark.pty

MODELS = (
    "openai/gpt-oss-120b",
    "openai/gpt-oss-20b",
    "openai/gpt-oss-safeguard-20b",
    "allam-2-7b",
)
COLUMNS, ROWS = 200, 50
TYPED = "typed meanwhile"


@pytest.fixture
def simulator():
    """A thousand tokens a second in every column."""
    options = Options(Plan.DEVELOPER, rate=1_000, blocked_model="")
    with BackgroundSimulator(load_catalog(), options) as simulator:
        yield simulator


def plain(text):
    """What neither markup nor wrapping changes."""
    return "".join(filter(str.isalnum, text))


def tails(terminal):
    """The last lines of text in each column, without the border."""
    width = COLUMNS // len(MODELS)
    rows = rows_of(terminal.screen)
    end = next(at for at, row in enumerate(rows) if row.startswith("│▔"))
    for number in range(len(MODELS)):
        lines = [row[number * width + 1 : (number + 1) * width - 2] for row in rows[:end]]
        yield plain("".join([line for line in lines if line.strip()][-6:]))


def test_four_columns_at_a_thousand_tokens_a_second(program, simulator, groqchat_home):
    terminal = program(size=(COLUMNS, ROWS))
    terminal.press(f"/compare {' '.join(MODELS)}")
    terminal.wait_for(MODELS[-1])
    terminal.press("\r")
    terminal.wait_for("4 models", "Tab columns")
    terminal.press("Write 3000 tokens, end with ENDOFTEXT\r")
    terminal.wait_for("1●  2●  3●  4●")
    terminal.press(TYPED)
    terminal.wait_for(TYPED, "●")
    assert "✓" not in terminal.text.splitlines()[0]
    terminal.wait_for("1✓  2✓  3✓  4✓")
    terminal.wait_for("Which answer is best?")

    with sqlite3.connect(groqchat_home / "groqchat.db") as db:
        saved = db.execute(
            "SELECT model, request_id, content FROM messages WHERE role = 'assistant'"
        )
        contents = {model: (request_id, content) for model, request_id, content in saved}
    db.close()
    assert contents.keys() == set(MODELS)
    for model, tail in zip(MODELS, tails(terminal), strict=True):
        request_id, content = contents[model]
        assert content == simulator.simulator.answer(request_id).content
        assert content.endswith("ENDOFTEXT")
        assert len(tail) > len("ENDOFTEXT")
        assert plain(content).endswith(tail)
    assert terminal.quit() == 0


def test_killed_in_mid_answer_it_opens_again_with_all_that_was_written(
    program, simulator, groqchat_home
):
    terminal = program()
    terminal.press(f"/compare {' '.join(MODELS[:2])}\r")
    terminal.wait_for("2 models", "Tab columns")
    terminal.press("Write 20000 tokens, slowly\r")
    terminal.wait_for("1●  2●", "answering")
    terminal.press("half a thought")
    written = (
        "SELECT count(*) FROM messages WHERE role = 'assistant' AND content || reasoning != ''"
    )
    drafts, answers = [], (0,)
    with closing(sqlite3.connect(groqchat_home / "groqchat.db")) as db:
        while (drafts, answers) != ([("half a thought",)], (2,)):
            terminal.read(0.1)
            drafts = db.execute("SELECT text FROM drafts").fetchall()
            answers = db.execute(written).fetchone()
    terminal.kill()
    terminal.wait_exit()

    again = program("--continue", ready="Tab columns")
    again.wait_for("1✗  2✗", "half a thought")
    with closing(sqlite3.connect(groqchat_home / "groqchat.db")) as db:
        saved = db.execute(
            "SELECT content || reasoning, state, cost FROM messages"
            " WHERE role = 'assistant' ORDER BY model"
        )
        answers = saved.fetchall()
        booked = db.execute(
            "SELECT outcome, estimated, completion_tokens, cost FROM ledger ORDER BY model"
        )
        entries = booked.fetchall()
    assert [state for _, state, _ in answers] == ["broken", "broken"]
    assert all(text for text, _, _ in answers)
    assert [entry[:2] for entry in entries] == [("stream_broken", 1)] * 2
    assert all(tokens > 0 for _, _, tokens, _ in entries)
    assert [entry[3] for entry in entries] == [cost for _, _, cost in answers]
    again.press("!\r")
    again.wait_for("turn 2", "1✓  2✓")
    with closing(sqlite3.connect(groqchat_home / "groqchat.db")) as db:
        asked = db.execute("SELECT content FROM messages WHERE role = 'user'").fetchall()
    assert ("half a thought!",) in asked
    assert again.quit() == 0
