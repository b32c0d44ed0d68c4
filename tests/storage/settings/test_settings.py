"""The settings file: mistakes are told, comments survive, nothing is half written."""

import os
from decimal import Decimal

import pytest

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.settings import Budget, Settings
from groqchat.storage.settings.settings import SettingsFile

WRITTEN = """\
# my settings
model = "a"  # the fast one

[budget]
# not too much
monthly_usd = "10.00"
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "config" / "config.toml"


@pytest.fixture
def file(path):
    return SettingsFile(path)


def written(path, text):
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_without_a_file_the_defaults_count_and_none_is_made(file, path):
    assert file.read() == (Settings(), ())
    assert not path.parent.exists()


def test_a_file_is_read(file, path):
    written(path, WRITTEN)
    assert file.read() == (Settings(model="a", budget=Budget(Decimal("10.00"))), ())


def test_a_byte_order_mark_is_no_mistake(file, path):
    written(path, "\ufeffmodel = 'a'")
    assert file.read()[0].model == "a"


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"model = 'a'\n\nplan == 'free'\n", "line 3"),
        (b"model = '\xff\xfe'\n", "UTF-8"),
        (b"model = 'a'\nmodel = 'b'\n", "line 2"),
    ],
)
def test_a_corrupt_file_gives_the_defaults_a_sentence_and_stays_as_it_is(file, path, raw, told):
    written(path, "")
    path.write_bytes(raw)
    settings, (sentence,) = file.read()
    assert settings == Settings()
    assert told in sentence
    assert str(path) in sentence
    with pytest.raises(StorageError) as caught:
        file.change("theme", "dark")
    assert caught.value.cause.name == "config"
    assert "that line" not in caught.value.command_suggestion  # there is not always one
    assert path.read_bytes() == raw


def test_a_file_that_cannot_be_read_is_named(file, path):
    path.mkdir(parents=True)
    settings, (sentence,) = file.read()
    assert settings == Settings()
    assert "cannot be read" in sentence


def test_single_mistakes_leave_the_rest_in_force(file, path):
    written(path, "model = 'a'\nattempts = 'many'\nnonsense = 1\n")
    settings, mistakes = file.read()
    assert settings == Settings(model="a")
    assert len(mistakes) == 2


def test_a_change_leaves_comments_and_everything_else_alone(file, path):
    written(path, WRITTEN)
    assert file.change("theme", "dark").theme == "dark"
    assert file.change("budget.monthly_usd", Decimal("12.50")).budget.monthly_usd == Decimal("12.5")
    text = path.read_text()
    for kept in ("# my settings", 'model = "a"  # the fast one', "# not too much", "[budget]"):
        assert kept in text
    assert file.read() == (Settings(model="a", theme="dark", budget=Budget(Decimal("12.50"))), ())


VALUES = {
    "attempts": ("attempts = 2\n", 2),
    "budget.session_usd": ('session_usd = "2"\n', Decimal(2)),
}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "attempts",
            '# mine\nmodel = "a"\n¦\n# about money\n# (ask)\n[budget]\nmonthly_usd = "1"\n',
        ),
        ("attempts", '# mine\nmodel = "a"\n¦# about money\n[budget]\n'),
        ("attempts", "¦\n# about money\n[budget]\n"),
        ("attempts", "# mine\n\n¦\n# about money\n[budget]\n"),
        ("attempts", "# mine\n¦"),
        ("attempts", "¦\n[budget]\n"),
        ("attempts", 'system = """\n[budget]\n# no\n"""\n¦# about money\n[budget]\n'),
        ("attempts", 'favourites = [\n  "a",\n  # [keys]\n]\n¦\n# about money\n[budget]\n'),
        (
            "budget.session_usd",
            '[budget] # mine\nmonthly_usd = "1"  # so\n¦\n# about keys\n[keys]\n',
        ),
        ("budget.session_usd", '# mine\n[budget]\nmonthly_usd = "1"\n¦\n# the end\n'),
        ("budget.session_usd", "[budget]\n¦# about keys\n[keys]\n"),
        ("attempts", 'system = "a\u2028b"\n¦# about\u2028money\n[budget]\n'),
    ],
)
def test_a_new_setting_stands_apart_from_the_comments_of_others(file, path, name, text):
    line, value = VALUES[name]
    # Where nothing stands above, a blank line keeps it from what is below.
    before = text.replace("¦\n" if text.startswith("¦") or "\n\n¦" in text else "¦", "")
    written(path, before)
    changed = file.change(name, value)
    assert path.read_text() == text.replace("¦", line)
    assert file.read() == (changed, ())


def test_a_mistake_is_on_the_line_that_an_editor_shows(file, path):
    written(path, "# one\u2028line of TOML\nmodel = 3\n")
    assert "(line 2)" in file.read()[1][0]


@pytest.mark.parametrize(
    "text", ['system = """\n# no"""\n[keys]\n', 'budget.monthly_usd = "1"\n# about keys\n[keys]\n']
)
def test_where_lines_do_not_tell_it_a_new_setting_is_there_all_the_same(file, path, text):
    written(path, text)
    file.change("attempts", 2)
    changed = file.change("budget.session_usd", Decimal(2))
    assert (changed.attempts, changed.budget.session_usd) == (2, Decimal(2))
    assert file.read() == (changed, ())
    assert [line for line in text.splitlines() if line not in path.read_text()] == []


def test_a_change_makes_file_and_table_when_they_are_missing(file, path):
    file.change("budget.session_usd", Decimal("0.10"))
    file.change("send_with_enter", False)
    file.change("attempts", 2)
    settings, mistakes = file.read()
    assert mistakes == ()
    assert settings == Settings(
        budget=Budget(session_usd=Decimal("0.10")), send_with_enter=False, attempts=2
    )


def test_a_name_with_a_dot_in_it_is_kept_in_one_piece(file):
    file.change("keys.new_session", "ctrl+n")
    assert dict(file.read()[0].keys) == {"new_session": "ctrl+n"}


def test_a_setting_can_be_taken_out(file, path):
    written(path, WRITTEN)
    assert file.change("budget.monthly_usd", None).budget == Budget()
    assert file.change("theme", None) == Settings(model="a")
    assert "# not too much" in path.read_text()


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("plan", "gold", "plan"),
        ("attempts", -1, "negative"),
        ("colour", "red", "colour"),
        ("budget.monthly_usd", "much", "amount"),
        ("model.name", "x", "table"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_and_not_written(file, path, name, value, told):
    written(path, WRITTEN)
    with pytest.raises(StorageError, match=told) as caught:
        file.change(name, value)
    assert caught.value.cause.name == "config"
    assert path.read_text() == WRITTEN


def test_an_old_mistake_does_not_stand_in_the_way_of_a_change(file, path):
    written(path, "nonsense = 1\n")
    assert file.change("theme", "dark").theme == "dark"
    assert "nonsense = 1" in path.read_text()


def test_the_file_is_private_and_nothing_else_is_left(file, path):
    file.change("theme", "dark")
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_a_link_to_the_file_stays_a_link(file, path, tmp_path):
    dotfile = tmp_path / "dotfiles" / "groqchat.toml"
    dotfile.parent.mkdir()
    dotfile.write_text(WRITTEN)
    path.parent.mkdir()
    path.symlink_to(dotfile)
    file.change("theme", "dark")
    assert path.is_symlink()
    assert "dark" in dotfile.read_text()


def test_a_failed_write_leaves_the_old_file_and_no_draft(file, path, monkeypatch):
    written(path, WRITTEN)

    def full(handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError, match="No space") as caught:
        file.change("theme", "dark")
    assert caught.value.cause.name == "disk"
    assert path.read_text() == WRITTEN
    assert list(path.parent.iterdir()) == [path]


def test_a_home_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "home").write_text("a file")
    with pytest.raises(StorageError, match="home"):
        SettingsFile(tmp_path / "home" / "config.toml").change("theme", "dark")


def test_favourites_are_a_list_that_can_be_changed_and_taken_out(file, path):
    written(path, '# mine\nfavourites = ["a"]  # the best\n')
    assert file.change("favourites", ("a", "b")).favourites == ("a", "b")
    assert "# mine" in path.read_text()
    assert file.read() == (Settings(favourites=("a", "b")), ())
    assert file.change("favourites", None).favourites == ()
    path.write_text('favourites = "a"\n')
    assert "“favourites” must be a list of models" in file.read()[1][0]


def test_the_lines_on_which_settings_stand_are_known(file, path):
    assert file.lines() == {}
    written(path, WRITTEN + 'session_usd = "1"\n\n[presets]  # of mine\n"a b" = ["m"]\n')
    assert file.lines() == {
        "model": 2, "budget": 4, "budget.monthly_usd": 6, "budget.session_usd": 7,
        "presets": 9, "presets.a b": 10,
    }  # fmt: skip
    written(path, "model = ")
    assert file.lines() == {}


def test_without_a_path_settings_are_changed_in_memory_by_the_same_rules():
    file = SettingsFile(None)
    file.change("presets.a", ["m", "n"])
    file.change("budget.buffer", "5 %")
    settings, mistakes = file.read()
    assert mistakes == ()
    assert (settings.presets, settings.budget.buffer) == ({"a": ("m", "n")}, Decimal("0.05"))
    assert not file.has_changed
    assert file.change("presets.a", None).presets == {}
    with pytest.raises(StorageError, match="must not be negative"):
        file.change("attempts", -1)


def test_a_mistake_is_not_replaced_by_the_same_mistake(file, path):
    written(path, 'attempts = "many"\n')
    with pytest.raises(StorageError, match="whole number"):
        file.change("attempts", "a few")
    assert path.read_text() == 'attempts = "many"\n'
    assert file.change("attempts", 5).attempts == 5
    assert file.change("attempts", None) == Settings()
