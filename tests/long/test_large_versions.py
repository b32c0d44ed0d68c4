"""The large versions of tests whose small ones are a part of the suite."""

import pytest

from groqchat.domain.limits.header_timing import HeaderTiming
from tests.services.quota.test_simulated_day import assert_requests_alone_are_shown_exactly
from tests.standin.places import AtSimulator, AtStandIn
from tests.standin.test_both_servers import take_mixed_turns
from tests.ui.markdown.test_commonmark_spec import assert_all_stream_as_they_render, examples
from tests.ui.markdown.test_document import assert_code_streams_as_it_stands

__all__ = ["examples"]


@pytest.mark.parametrize("size", [1, 2, 5])
def test_every_example_of_commonmark_streams_as_it_renders(examples, size):
    assert_all_stream_as_they_render(examples, size, (400, 40, 20, 5))


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_code_of_many_rows_streams_as_it_stands(size):
    assert_code_streams_as_it_stands(600, size)


@pytest.mark.parametrize(
    ("place", "timing"),
    [(AtStandIn, HeaderTiming.PROMPT), (AtSimulator, HeaderTiming.RESERVED)],
)
async def test_every_number_of_mixed_turns_is_the_servers_own(place, timing, monkeypatch):
    await take_mixed_turns(place, timing, monkeypatch, 200)


async def test_a_day_of_requests_alone_is_shown_exactly():
    await assert_requests_alone_are_shown_exactly(1_050)
