"""The examples of CommonMark's specification: none breaks anything, and none loses a word.

They are not ours to keep here. The source package of markdown-it-py, in the version that is
installed, brings them; it is fetched once by pip and kept in pytest's cache.
"""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
import tarfile
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from groqchat.ui.markdown.document import Document

if TYPE_CHECKING:
    from pathlib import Path

    from groqchat.ui.markdown.lines import Line

PACKAGE = "markdown-it-py"
MEMBER = "tests/test_cmark_spec/commonmark.json"


@pytest.fixture(scope="session")
def examples(request, tmp_path_factory) -> list[dict]:
    """Source, HTML and number of each example."""
    kept = request.config.cache.mkdir(PACKAGE) / f"{version(PACKAGE)}.json"
    if not kept.exists():
        fetched = kept.with_suffix(f".{os.getpid()}")  # another worker may be at it too
        fetched.write_bytes(_fetched(tmp_path_factory.mktemp(PACKAGE)))
        fetched.replace(kept)
    return json.loads(kept.read_bytes())


def _fetched(folder: Path) -> bytes:
    """The examples, out of the source package."""
    wanted = f"{PACKAGE}=={version(PACKAGE)}"
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest"]
    done = subprocess.run([*command, str(folder), "--no-binary", PACKAGE, wanted], check=False)
    if done.returncode and not os.environ.get("CI"):
        pytest.skip(f"{wanted} could not be fetched")
    (package,) = folder.glob("*.tar.gz")
    with tarfile.open(package) as archive:
        (member,) = [name for name in archive.getnames() if name.endswith(MEMBER)]
        return archive.extractfile(member).read()


def rendered(text: str, width: int) -> list[Line]:
    document = Document(width)
    document.append(text)
    return document.lines()


def words(text: str) -> list[str]:
    """Letters and digits that stand together; entities may be spelled out or not."""
    return re.findall(r"[^\W_]+", html.unescape(html.unescape(text)))


def test_no_example_loses_a_word(examples):
    assert len(examples) > 600
    for example in examples:
        shown = "".join(words("".join(line.text for line in rendered(example["markdown"], 400))))
        said = words(re.sub(r"<[^>]*>", " ", example["html"]))
        assert [word for word in said if word not in shown] == [], example["markdown"]


@pytest.mark.parametrize("size", [1, 5])
def test_every_example_streams_as_it_renders(examples, size):
    assert_all_stream_as_they_render(examples, size, (400, 20))


def assert_all_stream_as_they_render(examples, size, widths):
    for example in examples:
        text = example["markdown"]
        for width in widths:
            streamed = Document(width)
            for start in range(0, len(text), size):
                streamed.append(text[start : start + size])
            assert streamed.lines() == rendered(text, width), example["markdown"]
