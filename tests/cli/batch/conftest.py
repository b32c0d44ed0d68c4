"""Files that batches are read from."""

import pytest


@pytest.fixture
def prompts(tmp_path):
    """A file with three prompts."""
    path = tmp_path / "prompts.txt"
    path.write_text("What is a limit?\nWhat is a batch?\nWhat is a price?\n")
    return path
