"""A batch of 120,000 lines: split, submitted, killed ten times, sent again where lines failed."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from groqchat.domain.batch.submission import LineStatus
from tests.services.batch.desk import LIMITS, SMALL, campaign, half

NUMBER = 120_000


@pytest.mark.timeout(3_600)
async def test_120_000_lines_survive_ten_deaths_and_are_sent_and_paid_once(tmp_path):
    async for made, lines, first, second, died in campaign(
        tmp_path / "home", number=NUMBER, limits=LIMITS, deaths=10, seed=7
    ):
        assert died >= 10
        assert [part.lines for part in first.parts] == [50_000, 50_000, 20_000]
        assert (first.tally.failed, first.tally.expired) == (NUMBER // 20, NUMBER // 50)
        assert (second.total, second.status) == (NUMBER * 7 // 100, "completed")
        sent = Counter(json.loads(line)["custom_id"] for _, line in made.sent())
        assert len(made.sim.batches) == 4
        assert sum(sent.values()) == NUMBER * 107 // 100
        assert max(sent.values()) == 2
        results = await made.results(first)
        assert [result.custom_id for result in results] == [line.custom_id for line in lines]
        assert {result.status for result in results} == {LineStatus.COMPLETED}
        spent = await made.ledger.spent()
        usages = [result.result.usage for result in results]
        assert spent.requests == NUMBER
        assert spent.cost == half(usages, SMALL) == sum(result.cost for result in results)
