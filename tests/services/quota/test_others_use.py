"""A limit that no header tells, and that another client steadily takes a part of."""

import pytest

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source
from groqchat.services.quota.others_use import EXPECTED_S, OthersUse

START = 1_790_000_000.0
MODEL = "m"


class Account:
    """One limit of an account, as it is and as we know it; time passes in steps."""

    def __init__(self, limit, share):
        self.true = self.own = LeakyBucket(LimitKind.RPM, limit, 0.0, START, Source.LEDGER)
        self.others = OthersUse()
        self.share = share
        self.now, self.due = START, START
        self.sent, self.refused = [], []

    def run(self, seconds, *, gap_s=0.03):
        """Send as much as we believe to fit for a while, and keep to what refusals tell."""
        end = self.now + seconds
        while self.now < end:
            self.now += gap_s
            while self.share and self.due <= self.now:
                if not self.true.wait_for(1, self.due):
                    self.true = self.true.charged(1, self.due)
                self.due += 60 / self.true.limit / self.share
            known = self.others.fuller(MODEL, {LimitKind.RPM: self.own}, self.now)
            if not known[LimitKind.RPM].wait_for(1, self.now):
                self.send()

    def send(self):
        self.others.charge(MODEL, 1, self.now)
        if self.true.wait_for(1, self.now):
            self.refused.append(self.now)
            self.others.charge(MODEL, -1, self.now)
            told = LeakyBucket(
                LimitKind.RPM, self.true.limit, self.true.used_at(self.now), self.now, Source.ERROR
            )
            self.own = told
            self.others.learn(MODEL, told, [(time, 1.0) for time in self.sent], self.now)
            return
        self.sent.append(self.now)
        self.true, self.own = self.true.charged(1, self.now), self.own.charged(1, self.now)


@pytest.mark.parametrize("share", [0.1, 1 / 3, 0.6])
@pytest.mark.parametrize("limit", [300, 1_000])
def test_one_refusal_tells_what_others_take_and_nearly_all_of_the_rest_is_used(limit, share):
    account = Account(limit, share)
    account.run(200)  # until the limit is met
    assert len(account.refused) == 1
    sent = len(account.sent)
    account.run(EXPECTED_S - 210)
    assert len(account.refused) == 1
    rest = (1 - share) * limit / 60 * (EXPECTED_S - 210)
    assert 0.9 * rest <= len(account.sent) - sent <= 1.01 * rest


def test_alone_nothing_is_refused_and_all_is_used():
    account = Account(600, 0)
    account.run(300)
    assert account.refused == []
    assert len(account.sent) == pytest.approx(600 + 300 * 10, abs=12)


def test_others_who_go_away_leave_all_of_the_limit_after_a_while():
    account = Account(600, 1 / 3)
    account.run(200)
    account.share = 0
    account.run(EXPECTED_S)
    sent = len(account.sent)
    account.run(60)
    assert len(account.sent) - sent >= 590
    assert len(account.refused) == 1


def test_a_use_that_grows_is_learnt_again():
    account = Account(600, 0.2)
    account.run(200)
    account.share = 0.5
    account.run(400)
    refused = len(account.refused)
    account.run(250)
    assert len(account.refused) == refused <= 6
