"""The pictures: each is made by ``screenshots``, stands there, and is shown on a page."""

import re

from screenshots.make import PAGES, SCENES
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


def test_what_a_command_prints_gives_the_same_picture_again():
    first = printed("plan")
    assert "TPM&#160;binds" in first
    assert printed("plan") == first
