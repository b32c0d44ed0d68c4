"""Sets of prompts run in virtual time."""

from tests.virtual_time import VirtualTimeLoop


def pytest_asyncio_loop_factories():
    """All tests of this folder run on the one loop."""
    return {"virtual": VirtualTimeLoop}
