from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.batch.lines import CHAT, BatchLine
from groqchat.domain.batch.parts import BatchLimits, split
from groqchat.storage.catalog import load_batch_limits

WINDOWS = ("24h", "2d", "7d")


def lines(sizes):
    return [BatchLine(str(n), CHAT, "m", "x" * (size - 1)) for n, size in enumerate(sizes)]


@given(
    st.lists(st.integers(1, 50), min_size=1, max_size=60), st.integers(1, 20), st.integers(50, 200)
)
def test_parts_hold_all_lines_in_order_within_the_limits(sizes, most_lines, most_bytes):
    whole = lines(sizes)
    parts = split(whole, BatchLimits(most_lines, most_bytes, WINDOWS))
    assert [line for part in parts for line in part] == whole
    for part, after in zip(parts, [*parts[1:], None], strict=True):
        size = sum(line.size for line in part)
        assert 0 < len(part) <= most_lines
        assert size <= most_bytes
        if after:  # no part ends before it has to
            assert len(part) == most_lines or size + after[0].size > most_bytes


def test_a_line_larger_than_a_batch_is_named():
    with pytest.raises(ValueError, match="the line '1' is larger"):
        split(lines([5, 51]), BatchLimits(10, 50, WINDOWS))


def test_the_shipped_limits_are_the_smaller_ones_that_were_told():
    limits = load_batch_limits()
    assert (limits.lines, limits.size) == (50_000, 100_000_000)
    assert "Not confirmed" in limits.note
    assert limits.source
    assert limits.as_of


def test_the_next_window_is_longer():
    limits = load_batch_limits()
    assert limits.longer_window("24h") == "2d"
    assert limits.longer_window("6d") == limits.longer_window("7d") == "7d"
    assert limits.longer_window("1w") == "7d"
