"""Random keys and pastes at the real program, with many seeds; see ``python -m tests.fuzz``."""

import pytest

from tests.fuzz.playing import play


@pytest.mark.parametrize(
    ("seed", "habits"),
    [*((seed, False) for seed in (*range(1, 7), *range(1000, 1040))), (6, True)],
)
def test_no_sequence_ends_the_program_or_loses_a_letter(tmp_path, seed, habits):
    fault, _ = play(tmp_path / "home", seed, 50, habits)
    assert fault is None, f"\n{fault}"
