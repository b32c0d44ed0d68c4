from __future__ import annotations

import pytest

from groqchat.domain.batch.submission import BatchStatus, LineStatus, Part, Step, Submission


def submission(*parts):
    return Submission("job_1", "a.jsonl", 0.0, "24h", "d", "default", "f", "x", ("m",), parts)


def part(number=1, step=Step.CREATED, status=None, batch_id=None, **counts):
    return Part("job_1", number, 10, 100, step, batch_id=batch_id, status=status, **counts)


def test_one_part_has_groqs_id_and_several_have_ours():
    assert submission(part(step=Step.CREATING)).shown_id == "job_1"
    assert submission(part(batch_id="batch_1")).shown_id == "batch_1"
    two = submission(part(batch_id="batch_1"), part(2, batch_id="batch_2"))
    assert (two.shown_id, two.batches) == ("job_1", ["batch_1", "batch_2"])


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        (["completed", "completed"], "completed"),
        (["completed", "in_progress"], "in_progress"),
        (["validating", "in_progress"], "validating"),
        (["completed", "expired"], "expired"),
        (["failed", "expired"], "failed"),
        (["cancelled", "cancelling"], "cancelling"),
    ],
)
def test_the_status_of_a_submission_is_that_of_the_part_that_tells_most(statuses, told):
    parts = [part(n, status=BatchStatus(status)) for n, status in enumerate(statuses)]
    assert submission(*parts).status == told


def test_a_submission_is_being_submitted_until_the_server_has_all_of_it():
    made = submission(part(status=BatchStatus.COMPLETED), part(2, Step.UPLOADED))
    assert (made.status, made.is_submitted, made.is_over) == ("submitting", False, False)


def test_counts_are_sums():
    made = submission(part(completed=3, failed=1), part(2, completed=4))
    assert (made.total, made.completed, made.failed) == (20, 7, 1)


def test_lines_without_a_result_share_the_fate_of_their_batch():
    assert BatchStatus.EXPIRED.rest is LineStatus.EXPIRED
    assert BatchStatus.CANCELLED.rest is LineStatus.CANCELLED
    assert BatchStatus.COMPLETED.rest is BatchStatus.FAILED.rest is LineStatus.FAILED
    assert [s for s in BatchStatus if s.is_over] == ["completed", "cancelled", "expired", "failed"]
