"""How long a server asks to be left alone, where it names the hour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.errors.diagnosis import diagnose
from groqchat.provider.retry_after import in_seconds

SENT = "Sun, 06 Nov 1994 08:49:37 GMT"
AT = 784_111_777.0


def wait(told, now=AT, **headers):
    """The seconds that a refusal with these headers is waited out."""
    plain = in_seconds({"retry-after": told, **headers}, now)
    return diagnose(429, {}, plain).facts.retry_after_s


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("2", 2.0),
        ("0", 0.0),
        ("1.5", 1.5),
        ("Sun, 06 Nov 1994 08:50:37 GMT", 60.0),
        ("Sunday, 06-Nov-94 08:50:37 GMT", 60.0),
        ("Sun Nov  6 08:50:37 1994", 60.0),
        (SENT, 0.0),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0.0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", None),
        ("Sun, 99 Nov 1994 08:49:37 GMT", None),
        ("tomorrow", None),
        ("", None),
        ("-1", None),
        ("nan", None),
        ("inf", None),
    ],
)
def test_seconds_and_dates_in_all_their_forms(told, seconds):
    assert wait(told) == seconds


@pytest.mark.parametrize("skew", [-86_400.0, -1.0, 0.0, 3_600.0])
def test_a_clock_that_is_wrong_here_makes_no_difference(skew):
    assert wait("Sun, 06 Nov 1994 08:50:07 GMT", AT + skew, date=SENT) == 30.0


def test_a_date_that_is_no_date_leaves_it_to_our_own_clock():
    assert wait("Sun, 06 Nov 1994 08:50:07 GMT", date="noon") == 30.0


@given(st.text(), st.text(), st.floats(0, 1e12))
def test_anything_at_all_is_read_or_passed_over(told, sent, now):
    seconds = wait(told, now, date=sent)
    assert seconds is None or seconds >= 0
