"""Databases of other programs, changed for a test."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from tests.samples import SAMPLES


@pytest.fixture
def changed(tmp_path):
    """A copy of a sample on which statements were run."""

    def make(name, *statements):
        path = tmp_path / name
        shutil.copyfile(SAMPLES / name, path)
        with closing(sqlite3.connect(path)) as db, db:
            for statement in statements:
                db.execute(statement)
        return path

    return make
