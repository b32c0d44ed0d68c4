"""Foreign text in a frame of ours, judged by a CommonMark parser."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from groqchat.domain.text.fences import attached, fenced, framed

MARKDOWN = MarkdownIt("commonmark")
PIECES = st.sampled_from(
    (
        *(
            "```",
            "````py",
            "~~~",
            "   ```",
            "    ```",
            "  ```",
            "> ```",
            "``` a ` b",
            "- a",
            "1. x",
        ),
        *("<!-- a", "-->", "<pre>", "</pre>", "<?php", "<div>", "<script>x</script>", "text", ""),
        "## You",
    )
)


def headings(text):
    return [
        after.content
        for before, after in pairwise(MARKDOWN.parse(text))
        if before.type == "heading_open" and before.level == 0
    ]


@given(st.lists(PIECES, max_size=8).map("\n".join))
def test_whatever_stands_between_two_headings_they_are_the_only_ones(text):
    page = f"## You\n\n{framed(text, {'You'})}\n\n## Assistant\n"
    assert headings(page) == ["You", "Assistant"]


@given(st.text("`~ab \n", max_size=40))
def test_a_text_in_a_fence_is_that_text(text):
    (block,) = MARKDOWN.parse(fenced(text))
    assert (block.type, block.content) == ("fence", f"{text}\n")


@pytest.mark.parametrize(
    "text", ["plain", "```py\nx\n```", "# Own heading\n\n<b>x</b>", "<!-- a -->", "~~~\n```\n~~~"]
)
def test_what_leaves_nothing_open_is_as_it_was(text):
    assert framed(text, {"You"}) == text


def test_a_file_stands_under_its_name():
    assert attached("a\nb.md", "```\nx\n```\n\n") == "a b.md:\n````\n```\nx\n```\n````"
