"""The pictures: each is made by ``screenshots``, stands there, and is shown on a page."""

import re

import pytest

from screenshots.make import PAGES, SCENES, drawn
from screenshots.printed import PRINTED, printed
from tests.manual.examples import PAGES as TEXTS
from tests.manual.examples import ROOT

FOLDER = ROOT / "screenshots"


def test_each_picture_is_made_kept_and_shown():
    made = {f"{name}.png" for name in (*SCENES, *PAGES, *PRINTED)} | {"moving.gif"}
    kept = {file.name for file in FOLDER.iterdir() if file.suffix in {".png", ".gif"}}
    shown = {
        name
        for text in TEXTS.values()
        for name in re.findall(r"!\[[^\]]+\]\([^)]*screenshots/([^)]+)\)", text)
    }
    assert made == kept
    assert shown == kept


@pytest.mark.parametrize(("make", "name"), [(drawn, "smallest"), (printed, "key")])
def test_a_picture_is_the_same_again_to_the_byte(make, name, tmp_path, monkeypatch):
    pictures = []
    for home in ("first", "second"):
        (tmp_path / home).mkdir()
        monkeypatch.setenv("GROQCHAT_HOME", str(tmp_path / home))
        pictures.append(make(name))
    assert "TPM" in pictures[0]
    assert pictures[0] == pictures[1]


def test_what_a_command_prints_is_in_its_picture():
    assert "TPM&#160;binds" in printed("plan")
