"""Files of any kind: found by their content, bounded, broken ones as far as they are whole."""

import io
import json
import zipfile
from collections import Counter

import pytest

from groqchat.services.sessions.importers.images import ImportedImages
from groqchat.storage.imports import sources, sqlite_files
from groqchat.storage.imports.sources import FORMS, read_source, read_stream
from tests.images import image, png
from tests.samples import SAMPLES, leaf, tree

RIVERS = [
    (None, "user", "Which rivers meet at Koblenz?"),
    (0, "assistant", "The Rhine and the Moselle."),
    (1, "user", "And at Passau?"),
    (2, "assistant", "Danube, Inn and Ilz."),
    (0, "assistant", "The Moselle flows into the Rhine there."),
    (4, "user", "[image]\n\nWhat does this picture show?"),
    (5, "assistant", "Let me look.\n\nIt is the Deutsches Eck in Koblenz and it is marked."),
]


def zipped(**members):
    """An archive with the members, whose names may have a slash for two underscores."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/") + ".json", content)
    data.seek(0)
    return data


def talk(text):
    return [{"id": text, "messages": [{"role": "user", "content": text}]}]


@pytest.mark.parametrize("name", ["chatgpt-conversations.json", "chatgpt-export.zip"])
@pytest.mark.parametrize("form", [None, "chatgpt"])
def test_chatgpt(name, form):
    reading = read_source(SAMPLES / name, 5.0, form=form)
    rivers, untitled = reading.archives
    assert tree(rivers) == RIVERS
    assert leaf(rivers) == RIVERS[-1][2]
    assert [each.model for each in rivers.messages if each.model] == [
        "gpt-5", "gpt-5", "gpt-5-mini", "gpt-5",
    ]  # fmt: skip
    assert rivers.messages[4].reasoning.endswith("The user wants the river at the Deutsches Eck.")
    assert rivers.messages[0].created == 1760000000.25
    assert [text for _, _, text in tree(untitled)] == [
        "First question", "First answer", "Second question", "Second answer",
    ]  # fmt: skip
    assert (untitled.session.title, untitled.session.model) == ("First question", "o3")
    (failed,) = reading.failed
    assert failed.title == "Damaged"
    assert "no messages" in failed.reason
    assert dict(+reading.omitted) == {
        "custom instruction": 1, "tool result": 1, "tool call": 1, "empty chat": 1,
        ("image" if name.endswith(".json") else "broken image"): 1,
    }  # fmt: skip


@pytest.mark.parametrize("name", ["claude-conversations.json", "claude-export.zip"])
def test_claude(name):
    reading = read_source(SAMPLES / name, 5.0)
    sorting, old = reading.archives
    assert tree(sorting) == [
        (None, "user", "Sort these words: pear, fig."),
        (0, "assistant", "fig, pear\n\nBoth are fruits."),
        (1, "user", "A long pasted text about quinces"),
        (2, "assistant", "Quinces are sour."),
        (1, "user", "And in reverse?"),
        (4, "assistant", "pear, fig"),
    ]
    assert leaf(sorting) == "pear, fig"
    assert sorting.messages[1].reasoning == "Alphabetical order is wanted."
    assert tree(old) == [(None, "user", "Old question"), (0, "assistant", "Old answer")]
    assert old.session.title == "Old question"
    assert reading.omitted["empty chat"] == 1
    assert reading.omitted["project"] == name.endswith(".zip")


def test_open_webui():
    reading = read_source(SAMPLES / "openwebui-export.json", 5.0)
    product, broken = reading.archives
    assert tree(product) == [
        (None, "user", "What is 6 times 7?"), (0, "assistant", "Forty-two."),
        (0, "assistant", "The answer is 42."), (2, "user", "And what is in this image?"),
        (3, "assistant", "A dot."),
    ]  # fmt: skip
    assert leaf(product) == "A dot."
    assert product.session.system == "Answer in one sentence."
    assert [each.reasoning for each in product.messages[1:3]] == [
        "6 < 7, so multiply.\n42.", "Multiply.",
    ]  # fmt: skip
    assert product.messages[4].model == "gpt-oss:20b"
    assert leaf(broken) == "Still read"
    assert (product.session.is_pinned, product.session.tags) == (True, ("maths",))
    assert (broken.session.is_pinned, broken.session.is_archived) == (False, True)
    (bare,) = read_source(SAMPLES / "openwebui-bare.json", 5.0).archives
    assert tree(bare) == [(None, "user", "Bare question"), (0, "assistant", "Bare answer")]


@pytest.mark.parametrize(
    "name", ["chatgpt-conversations.json", "claude-conversations.json", "openwebui-export.json"]
)
def test_of_an_export_that_was_cut_off_the_whole_chats_arrive(tmp_path, name):
    whole = read_source(SAMPLES / name, 5.0).archives
    text = json.dumps(json.loads((SAMPLES / name).read_text()))
    for layout in (text, json.dumps(json.loads(text), indent=1)):
        end = layout.index(whole[1].session.id) + 50
        (tmp_path / name).write_text(layout[:end])
        reading = read_source(tmp_path / name, 5.0)
        assert reading.archives == whole[:1]
        assert len(reading.failed) == 1
        assert reading.failed[0].where.startswith("behind session 1 (character ")


@pytest.mark.parametrize("gap", ["", "\n  "])
def test_behind_a_broken_chat_the_others_arrive(gap):
    chats = [json.dumps(each) for each in (*talk("a"), *talk("b"), *talk("c"))]
    chats[1] = chats[1].replace(":", "", 2)
    reading = read_stream(io.BytesIO(f"[{gap}{f',{gap}'.join(chats)}]".encode()), 5.0)
    assert [each.session.id for each in reading.archives] == ["a", "c"]
    assert len(reading.failed) == 1


def test_large_exports_have_several_files_and_others_are_left_alone():
    data = zipped(
        **{"conversations-001": json.dumps(talk("b")), "conversations-000": json.dumps(talk("a"))},
        user="{}", projects__x="{}", inner__conversations=json.dumps(talk("c")),
    )  # fmt: skip
    told = []
    reading = read_stream(data, 5.0, lambda *some: told.append(some))
    assert [each.session.id for each in reading.archives] == ["a", "b", "c"]
    assert (reading.failed, told) == ([], [(1, 3), (2, 3), (3, 3)])


def with_images(*pointers):
    parts = [{"content_type": "image_asset_pointer", "asset_pointer": each} for each in pointers]
    files = [{"id": "file-AbC", "name": "cat.png"}, {"id": "file-Note", "name": "a.txt"}]
    asked = {
        "author": {"role": "user"},
        "content": {"content_type": "multimodal_text", "parts": [*parts, "Look"]},
        "metadata": {"attachments": files},
    }
    return json.dumps([{"id": "c", "mapping": {"n": {"message": asked, "parent": None}}}])


@pytest.mark.parametrize("is_unpacked", [False, True])
def test_images_of_a_chatgpt_export_arrive(tmp_path, is_unpacked):
    files = {
        "file-AbC-cat.png": png(),
        "dalle-generations/file-Xyz-1.webp": png(colour=1),
        "user-1/file_00ab.dat": png(colour=2),
        "conversations.json": with_images(
            "file-service://file-AbC", "sediment://file_00ab?shared=1", "file-service://file-Xyz",
            "file-service://file-none", "sediment://../../secret", "",
        ).encode(),
    }  # fmt: skip
    path = tmp_path / "export.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    if is_unpacked:
        with zipfile.ZipFile(path) as archive:
            archive.extractall(tmp_path)
        path = tmp_path / "conversations.json"
    reading = read_source(path, 5.0)
    (chat,) = reading.archives
    shown = [image("cat.png"), image("image", 2), image("image", 1)]
    assert list(chat.images) == shown
    marks = [*(each.mark for each in shown), *["[image]"] * 3]
    assert chat.messages[0].content == "\n\n".join([*marks, "Look"])
    assert dict(+reading.omitted) == {"image": 3, "attached file": 1}


def test_images_have_a_bound():
    images = ImportedImages({"a": png(), "b": png(colour=1)}.get, most_bytes=len(png()))
    omitted = Counter()
    assert images.of_file("a", "a.png", omitted) == image()
    assert images.of_file("b", "b.png", omitted) is None
    assert omitted == {"image": 1}


def test_an_archive_of_other_sessions_is_read_too():
    reading = read_stream(zipped(talk=json.dumps(talk("a")), bad="[{"), 5.0)
    assert [each.session.id for each in reading.archives] == ["a"]
    assert [each.where.partition(":")[0] for each in reading.failed] == ["bad.json"]


def test_an_archive_that_would_fill_the_memory_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(sources, "MOST_BYTES", 2**20)
    data = zipped(**{"conversations-000": json.dumps(talk("a")), "conversations-001": " " * 2**21})
    reading = read_stream(data, 5.0)
    assert [each.session.id for each in reading.archives] == ["a"]
    (failed,) = reading.failed
    assert failed.where == "conversations-001.json"
    assert "holds more than 1 MB" in failed.reason


def test_a_damaged_member_is_named_and_refuses_no_other():
    data = zipped(**{"conversations-000": json.dumps(talk("a")), "conversations-001": "x" * 5000})
    raw = bytearray(data.getvalue())
    at = raw.index(b"conversations-001.json") + len(b"conversations-001.json")
    raw[at : at + 4] = b"\xff\xff\xff\xff"
    reading = read_stream(io.BytesIO(raw), 5.0)
    assert [each.session.id for each in reading.archives] == ["a"]
    assert [each.where for each in reading.failed] == ["conversations-001.json"]


def test_a_locked_archive_is_said_to_be():
    raw = bytearray(zipped(conversations=json.dumps(talk("a"))).getvalue())
    raw[6] |= 1  # the flag of a password, in both headers
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    (failed,) = read_stream(io.BytesIO(raw), 5.0).failed
    assert "password" in failed.reason


def test_half_an_archive_is_refused():
    raw = zipped(conversations=json.dumps(talk("a"))).getvalue()
    with pytest.raises(ValueError, match="is a damaged archive"):
        read_stream(io.BytesIO(raw[:-30]), 5.0)


def test_a_pipe_may_hold_an_archive_and_no_database():
    class Pipe(io.BytesIO):
        def seekable(self):
            return False

    reading = read_stream(Pipe(zipped(conversations=json.dumps(talk("a"))).getvalue()), 5.0)
    assert len(reading.archives) == 1
    with pytest.raises(ValueError, match="name its file"):
        read_stream(Pipe((SAMPLES / "elia-1.10.0.sqlite").read_bytes()), 5.0)


def test_the_format_that_is_named_is_the_only_one_that_is_read():
    name = "claude-conversations.json"
    reading = read_source(SAMPLES / name, 5.0, form="chatgpt")
    assert (reading.archives, len(reading.failed)) == ([], 3)
    with pytest.raises(ValueError, match="is no database of elia"):
        read_source(SAMPLES / name, 5.0, form="elia")
    with pytest.raises(ValueError, match="is a database, and none of claude"):
        read_source(SAMPLES / "elia-1.10.0.sqlite", 5.0, form="claude")
    assert len(read_source(SAMPLES / "elia-1.10.0.sqlite", 5.0, form="elia").archives) == 3
    assert FORMS[0] == "groqchat"


def test_every_database_that_can_be_named_has_a_reader():
    assert set(sources.DATABASES) == set(sqlite_files.DATABASES)
