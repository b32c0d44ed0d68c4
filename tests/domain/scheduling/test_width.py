"""How many requests may be under way at once."""

from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.errors.table import failure
from groqchat.domain.scheduling.width import MOST, Width, enough

REFUSED = failure("rate_limited", status=429, retry_after_s=1.0)
FULL = failure("tier_full", status=498)
DOWN = failure("service_error", status=503)
OURS = failure("no_room_yet", retry_after_s=1.0)
WRONG = failure("invalid_request", status=400)

steps = st.lists(
    st.one_of(st.none(), st.sampled_from([REFUSED, FULL, DOWN, OURS, WRONG])), max_size=200
)


def walked(width, errors):
    """The widths after each of some answers (None) and errors, a second apart."""
    widths = [width]
    for now, error in enumerate(errors):
        now_wide = widths[-1]
        widths.append(
            now_wide.accepted(now_wide.requests)
            if error is None
            else now_wide.failed(error, now, now)
        )
    return widths


@given(steps, st.integers(1, 100))
def test_it_stays_between_one_and_the_most(errors, most):
    assert all(1 <= width.requests <= most for width in walked(Width(most), errors))


@given(steps)
def test_answers_never_narrow_and_errors_never_widen(errors):
    widths = walked(Width(), errors)
    for before, after, error in zip(widths, widths[1:], errors, strict=False):
        if error is None:
            assert after.size >= before.size
        else:
            assert after.size <= before.size
        if error in (OURS, WRONG):  # what the server never got, and what is wrong with one request
            assert after == before


@given(steps)
def test_it_widens_again_to_the_most(errors):
    *_, narrow = walked(Width(), errors)
    answers = [None] * (MOST * (MOST + 1))
    assert walked(narrow, answers)[-1].requests == MOST


def test_it_begins_slowly_and_doubles_in_each_round():
    width, rounds = Width(), []
    while width.requests < MOST:
        rounds.append(width.requests)
        for _ in range(rounds[-1]):
            width = width.accepted(rounds[-1])
    assert rounds == [1, 2, 4, 8, 16, 32]


def test_a_refusal_halves_it_once_a_round_and_then_it_grows_by_one():
    wide = Width(size=40.0)
    narrow = wide.failed(REFUSED, 9.0, 10.0)
    assert narrow.requests == 20
    assert narrow.failed(REFUSED, 9.9, 10.1) == narrow  # it was sent before the first came back
    assert narrow.failed(REFUSED, 10.0, 10.1).requests == 10
    for _ in range(narrow.requests + 1):
        narrow = narrow.accepted(narrow.requests)
    assert narrow.requests == 21


def test_failures_weigh_less_than_refusals():
    assert Width(size=40.0).failed(DOWN, 0.0, 1.0).requests == 30
    assert Width(size=40.0).failed(FULL, 0.0, 1.0).requests == 20


def test_a_width_that_is_not_used_does_not_grow():
    width = Width(size=8.0)
    assert width.accepted(3) == width
    assert width.accepted(4).requests == 9


def test_quick_answers_need_few_at_once():
    assert [enough(each) for each in (0.005, 0.1, 1.0, float("inf"))] == [8, 20, 200, float("inf")]
