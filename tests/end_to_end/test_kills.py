"""The kills in a small form; ``python -m tests.end_to_end.kills`` is the large one."""

import pytest

from tests.end_to_end.kills import kill

pytestmark = pytest.mark.pty


def test_a_kill_costs_a_second_at_most(groqchat_home):
    tally = kill(3, seed=5, home=groqchat_home)
    assert not tally.faults, str(tally)
    assert tally.stored >= 2
