"""The fault campaign in a small form; ``python -m tests.provider.campaign`` is the large one."""

from tests.provider.campaign import Campaign


async def test_no_fault_crashes_hangs_loses_or_leaks(tmp_path):
    report = await Campaign(7, tmp_path).run(200)
    assert report.cases == 200
    assert report.is_clean, str(report)
    assert len(report.outcomes) > 10
