"""Fifty processes are the first on a machine at once, however slow its disk and processors are."""

from tests.end_to_end.first_asks import assert_all_are_kept


def test_fifty_first_processes_at_once_are_all_answered_and_kept(groqchat_home):
    assert_all_are_kept(50, groqchat_home)
