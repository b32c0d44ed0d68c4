"""Fixtures of the command line, for the long tests of its commands."""

from tests.cli.conftest import developer, groqchat  # noqa: F401  # fixtures
from tests.cli.sets.test_set_by_batch import same_thoughts  # noqa: F401  # a fixture
