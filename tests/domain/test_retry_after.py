"""How long a server asks to be left alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.diagnosis import diagnose
from groqchat.domain.retry_after import read_retry_after

SENT = "Sun, 06 Nov 1994 08:49:37 GMT"
AT = 784_111_777.0


@pytest.mark.parametrize(
    ("told", "wait"),
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
def test_seconds_and_dates_in_all_their_forms(told, wait):
    assert read_retry_after({"retry-after": told}, AT) == wait


@pytest.mark.parametrize("skew", [-86_400.0, -1.0, 0.0, 3_600.0])
def test_a_clock_that_is_wrong_here_makes_no_difference(skew):
    headers = {"retry-after": "Sun, 06 Nov 1994 08:50:07 GMT", "date": SENT}
    assert read_retry_after(headers, AT + skew) == 30.0


def test_a_date_that_is_no_date_leaves_it_to_our_own_clock():
    headers = {"retry-after": "Sun, 06 Nov 1994 08:50:07 GMT", "date": "noon"}
    assert read_retry_after(headers, AT) == 30.0


def test_a_date_says_nothing_to_who_has_no_clock():
    assert read_retry_after({"retry-after": SENT}, None) is None
    assert read_retry_after({}, AT) is None


@given(st.text(), st.text(), st.none() | st.floats())
def test_anything_at_all_is_read_or_passed_over(told, sent, now):
    wait = read_retry_after({"retry-after": told, "date": sent}, now)
    assert wait is None or wait >= 0


def test_a_refusal_waits_until_the_date():
    headers = {"retry-after": "Sun, 06 Nov 1994 08:50:07 GMT", "date": SENT}
    assert diagnose(429, {}, headers).facts.retry_after_s == 30.0
    del headers["date"]
    assert diagnose(503, {}, headers, now=AT).facts.retry_after_s == 30.0
