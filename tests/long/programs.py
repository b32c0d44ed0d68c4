"""The programs that a long test is about: without them it fails, since a skip would hide it."""

import shutil

import pytest


def needs(packages, *programs):
    """A fixture that fails where programs are missing, and names the packages that have them."""

    @pytest.fixture(autouse=True, scope="module")
    def programs_are_there():
        missing = [name for name in programs if shutil.which(name) is None]
        assert not missing, f"not installed: {' '.join(missing)}; apt-get install {packages}"

    return programs_are_there
