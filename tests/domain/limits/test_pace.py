"""When a day's limit runs out, and what is said about marks that are passed."""

from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.limits.alerts import Alerts
from groqchat.domain.limits.pace import RunOut, runs_out
from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source

NOW = 1_800_000_000.0
DAY = LeakyBucket(LimitKind.TPD, 200_000, 100_000, NOW, Source.LEDGER)


def every(seconds, tokens, times):
    return [(NOW - number * seconds, tokens) for number in range(times)]


def test_a_steady_pace_runs_out_when_use_less_refill_says():
    # 60,000 in 30 minutes are 33.3 a second; 2.3 flow back; 100,000 are left.
    pace = [(NOW - 1800, 30_000), (NOW - 900, 15_000), (NOW - 1, 15_000)]
    out = runs_out(DAY, pace, NOW)
    assert out == RunOut(LimitKind.TPD, NOW + 100_000 / (60_000 / 1800 - 200_000 / 86_400))


def test_a_refill_that_keeps_up_runs_out_never():
    assert runs_out(DAY, every(300, 500, 12), NOW) is None


def test_two_requests_are_no_pace_and_old_ones_do_not_count():
    assert runs_out(DAY, every(10, 5000, 2), NOW) is None
    assert runs_out(DAY, [(NOW - 4000, 9000)] * 5, NOW) is None


@given(st.lists(st.tuples(st.floats(0, 4000), st.integers(0, 50_000)), max_size=20))
def test_what_runs_out_does_so_before_it_is_full_again(uses):
    out = runs_out(DAY, [(NOW - ago, tokens) for ago, tokens in uses], NOW)
    assert out is None or NOW <= out.at < NOW + DAY.resets_in(NOW)


def test_each_mark_is_said_once_and_again_after_a_refill():
    alerts = Alerts()
    shares = [0.1, 0.5, 0.6, 0.96, 0.99, 0.7, 0.97, 0.1, 0.55]
    told = [alerts.passed_mark("TPD", share) for share in shares]
    assert told == [None, 50, None, 95, None, None, None, None, 50]


def test_what_is_seen_first_is_no_news_and_some_limits_are_spoken_of_once():
    alerts = Alerts()
    assert alerts.passed_mark("month", 0.8) is None
    assert alerts.passed_mark("TPM", 0.0, refills=False) is None
    shares = (0.9, 0.0, 0.9, 0.96)
    assert [alerts.passed_mark("TPM", share, refills=False) for share in shares] == [
        80,
        None,
        None,
        95,
    ]
