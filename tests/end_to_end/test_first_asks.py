"""Five processes make one database at once; ``tests/long`` has fifty."""

import pytest

from tests.end_to_end.first_asks import assert_all_are_kept


@pytest.mark.slow
def test_five_first_processes_at_once_are_all_answered_and_kept(groqchat_home):
    assert_all_are_kept(5, groqchat_home)
