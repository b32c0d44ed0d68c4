"""When a failed request is sent again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.errors.table import CAUSES, failure
from groqchat.domain.turns.retry import RetryPolicy

POLICY = RetryPolicy(attempts=4, longest_wait_s=60)


def test_what_the_server_told_is_obeyed_to_the_second():
    assert POLICY.wait_after(failure("rate_limited", retry_after_s=7.66), 1, 0.5) == 7.66


def test_a_wait_that_is_too_long_is_for_a_person_to_decide():
    assert POLICY.wait_after(failure("rate_limited", retry_after_s=61), 1, 0.5) is None


@pytest.mark.parametrize(
    "name",
    [
        "too_large",
        "output_too_large",
        "key_rejected",
        "invalid_request",
        "model_not_found",
        "stream_cut",
        "spend_blocked",
        "never_fits",
        "over_budget",
    ],
)
def test_what_waiting_cannot_help_is_not_sent_again(name):
    assert POLICY.wait_after(failure(name), 1, 0.5) is None


@pytest.mark.parametrize(
    "name", ["rate_limited", "over_capacity", "service_error", "connection_failed"]
)
def test_what_may_pass_is_sent_again_a_bounded_number_of_times(name):
    waits = [POLICY.wait_after(failure(name), attempt, 0.5) for attempt in (1, 2, 3, 4)]
    assert all(wait is not None for wait in waits[:3])
    assert waits[3] is None
    assert waits[:3] == sorted(waits[:3])


def test_a_tier_without_capacity_is_asked_once_more():
    full = failure("tier_full")
    assert [POLICY.wait_after(full, attempt, 0.5) for attempt in (1, 2)] == [0.5, None]


@given(st.sampled_from(sorted(CAUSES)), st.integers(1, 10), st.floats(0, 1))
def test_no_wait_is_negative_or_longer_than_allowed(name, attempt, chance):
    wait = POLICY.wait_after(failure(name), attempt, chance)
    assert wait is None or 0 <= wait <= 60


def test_a_wait_that_the_user_named_outlasts_the_attempts_but_only_for_limits():
    patient = RetryPolicy(attempts=4, longest_wait_s=300, is_patient=True)
    limit = failure("rate_limited", retry_after_s=2)
    assert patient.wait_after(limit, 100, 0.5, 297) == 2
    assert patient.wait_after(limit, 100, 0.5, 299) is None
    assert patient.wait_after(failure("service_error"), 4, 0.5) is None
