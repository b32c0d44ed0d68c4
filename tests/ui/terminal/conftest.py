"""These tests are about what is painted, and when."""

import pytest


@pytest.fixture
def _painting():
    """The screen is painted as in a terminal."""
