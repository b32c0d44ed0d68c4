"""60 random sequences at the real program; ``tests/long`` plays 2,350."""

import pytest

from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.fuzz.playing import Player, play

# Sequences of each run of the program.
EACH = 10
# The seed of a terminal of 120 columns.
WIDE = 5
# The seed of a run that edits as in vi, and changes settings and keys.
HABITUAL = 6


@pytest.mark.parametrize(
    ("seed", "habits"), [*((seed, False) for seed in range(1, 6)), (HABITUAL, True)]
)
def test_no_sequence_ends_the_program_or_loses_a_letter(tmp_path, seed, habits):
    fault, windows = play(tmp_path / "home", seed, EACH, habits)
    assert fault is None, f"\n{fault}"
    assert windows  # it was not in the chat alone


def test_words_of_a_command_that_ran_are_found_in_what_it_set(tmp_path):
    (tmp_path / "home").mkdir()
    with BackgroundSimulator(load_catalog(), Options(rate=400.0)) as simulator:
        player = Player(tmp_path / "home", WIDE, simulator)
        terminal = player._terminal
        try:
            terminal.wait_for("Ask anything", seconds=60)
            # A comparison leaves nothing to undo in the prompt.
            terminal.press("/compare openai/gpt-oss-20b七丄 llama-3.1-8b-instant\r")
            terminal.wait_for("Compare · 2 models", seconds=60)
            assert player._missing(set("七丄")) is None
        finally:
            terminal.close()
