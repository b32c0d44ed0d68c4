"""Announced shutdowns: the days that are left, and what replaces the model."""

from datetime import date

import pytest

from groqchat.domain.models.catalog import Model, Status
from groqchat.services.account.shutdowns import shutdown_of, shutdowns

TODAY = date(2026, 11, 29)


def ending(day, name="m", **more):
    return Model(name, Status.PRODUCTION, retired_on=day, source="page", as_of="2026-11-01", **more)


@pytest.mark.parametrize(
    ("day", "left", "when"),
    [
        ("2026-12-11", 12, "2026-12-11, in 12 days"),
        ("2026-11-30", 1, "2026-11-30, in 1 day"),
        ("2026-11-29", 0, "2026-11-29, today"),
        ("2026-11-27", -2, "2026-11-27, 2 days ago"),
        ("2026-12", 2, "2026-12, in 2 days"),
    ],
)
def test_the_days_that_are_left(day, left, when):
    found = shutdown_of(ending(day), TODAY)
    assert (found.days_left, found.when) == (left, when)


def test_the_replacement_is_named_and_the_next_shutdown_comes_first():
    late, soon = ending("2026-12-20", "a"), ending("2026-12-01", "b", replacement="c")
    found = shutdowns([late, Model("x"), soon], TODAY)
    assert [each.model for each in found] == ["b", "a"]
    assert str(found[0]) == (
        "b is announced to be shut down on 2026-12-01, in 2 days. Use c instead."
    )


def test_a_model_that_is_gone_is_announced_no_more():
    assert shutdown_of(Model("m", Status.RETIRED, retired_on="2026-12-20"), TODAY) is None
