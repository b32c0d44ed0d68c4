"""What tests of the chat share."""

import pytest

from tests.ui.painting import Painting


@pytest.fixture(autouse=True)
def _painting(monkeypatch):
    """The screen is painted where a test pauses, which is a third of the work otherwise."""
    Painting().watch(monkeypatch)
