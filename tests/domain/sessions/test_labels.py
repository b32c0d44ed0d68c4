"""Tags: written in any way, stored in one."""

import pytest

from groqchat.domain.sessions.labels import (
    LONGEST_TAG,
    MOST_TAGS,
    changed_tags,
    tag_from,
    tags_from,
)


def test_tags_are_small_and_have_no_spaces_signs_or_keys():
    assert tags_from("Work, #tax  work") == ("tax", "work")
    assert tag_from("Tax return") == "tax-return"
    assert tag_from("x" * 99) == "x" * LONGEST_TAG
    assert "a1a1" not in tag_from("gsk_" + "a1" * 26)
    assert tags_from("  ,, ") == ()
    assert len(tags_from(" ".join(f"t{number}" for number in range(99)))) == MOST_TAGS


@pytest.mark.parametrize(
    ("written", "tags"),
    [
        ("+tax", ("home", "tax", "work")),
        ("-home +a", ("a", "work")),
        ("-none", ("home", "work")),
        ("only these", ("only", "these")),
        ("", ()),
    ],
)
def test_signs_add_and_remove_and_a_text_without_signs_replaces(written, tags):
    assert changed_tags(("home", "work"), written) == tags
