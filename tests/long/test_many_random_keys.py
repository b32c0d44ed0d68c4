"""Random keys and pastes at the real program, with many seeds; see ``python -m tests.fuzz``."""

import pytest

from tests.fuzz.playing import play


@pytest.mark.parametrize("seed", [*range(1, 7), *range(1000, 1040)])
def test_no_sequence_ends_the_program_or_loses_a_letter(tmp_path, seed):
    fault, _ = play(tmp_path / "home", seed, 50)
    assert fault is None, f"\n{fault}"
