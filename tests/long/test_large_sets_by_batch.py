"""300 prompts by batch and live: the same report, at half the price."""

import pytest

from tests.cli.sets.test_compare_set import written
from tests.cli.sets.test_set_by_batch import asked_both_ways, check_equal, rows_of

NUMBER = 300


@pytest.mark.timeout(900)
def test_300_prompts_by_batch_are_reported_as_those_that_were_asked_live(
    developer, groqchat, tmp_path, same_thoughts
):
    prompts = written(tmp_path, rows_of(NUMBER))
    check_equal(*asked_both_ways(developer, groqchat, prompts, tmp_path, NUMBER))
