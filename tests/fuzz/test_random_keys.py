"""300 random sequences at the real program; ``tests/long`` plays 2,300."""

import pytest

from tests.fuzz.playing import play

# Sequences of each run of the program.
EACH = 50


@pytest.mark.parametrize("seed", range(1, 7))
def test_no_sequence_ends_the_program_or_loses_a_letter(tmp_path, seed):
    fault, windows = play(tmp_path / "home", seed, EACH)
    assert fault is None, f"\n{fault}"
    assert len(windows) >= 3  # it was not in the chat alone
