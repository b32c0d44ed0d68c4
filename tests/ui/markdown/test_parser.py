"""The parser finds the blocks that markdown-it finds, reading line by line."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from groqchat.ui.markdown.blocks import Code, Heading, Paragraph, Quote, Rule, Table
from groqchat.ui.markdown.parser import MarkdownParser
from groqchat.ui.markdown.table import fitted
from tests.ui.markdown.samples import CONSTRUCTS


def parse(text):
    parser = MarkdownParser()
    for line in text.split("\n"):
        parser.feed(line)
    return parser.finish()


def ours(text):
    found = []
    for block in parse(text):
        path = tuple(">" if isinstance(box, Quote) else box.marker for box in block.path)
        match block:
            case Heading():
                said = f"h{block.level}", block.source
            case Code():
                said = "code", block.code.strip("\n")
            case Table():
                said = "table", [fitted(line, len(block.aligns)) for line in block.lines]
            case Rule():
                said = "rule", ""
            case Paragraph():
                said = "text", _stripped(block.source)
        found.append((path, *said))
    return found


class Theirs:
    """markdown-it's token stream, flattened as our blocks are."""

    def __init__(self, text):
        self.found, self.path, self.filled, self.groups = [], [], [], []
        markdown = MarkdownIt("gfm-like", {"html": False, "maxNesting": 100})
        self.tokens = iter(markdown.disable("reference").parse(text))
        for token in self.tokens:
            self.take(token)

    def leaf(self, kind, content=""):
        if self.filled:
            self.filled[-1] = True
        self.found.append((tuple(self.path), kind, content))

    def enter(self, mark):
        if self.filled:
            self.filled[-1] = True
        self.path.append(mark)
        self.filled.append(False)

    def leave(self):
        if not self.filled[-1]:
            self.leaf("text")
        self.filled.pop()
        self.path.pop()

    def take(self, token):
        match token.type:
            case "blockquote_open":
                self.enter(">")
            case "bullet_list_open" | "ordered_list_open":
                self.groups.append([token.markup, token.attrs.get("start", 1)])
            case "bullet_list_close" | "ordered_list_close":
                self.groups.pop()
            case "list_item_open":
                kind, number = self.groups[-1]
                self.enter(f"{number}{kind}" if kind in ".)" else "-")
                self.groups[-1][1] += 1
            case "blockquote_close" | "list_item_close":
                self.leave()
            case "paragraph_open":
                self.leaf("text", _stripped(next(self.tokens).content))
            case "heading_open":
                self.leaf(token.tag, next(self.tokens).content)
            case "fence" | "code_block":
                self.leaf("code", token.content.strip("\n"))
            case "hr":
                self.leaf("rule")
            case "table_open":
                self.leaf("table", self.rows())

    def rows(self):
        rows = []
        while (token := next(self.tokens)).type != "table_close":
            if token.type == "tr_open":
                rows.append([])
            elif token.type == "inline":
                rows[-1].append(token.content)
        return rows


def _stripped(text):
    return "\n".join(line.strip() for line in text.split("\n")).strip()


OURS_ALONE = ("$$\n", "\\[\n", "extra", "\x1b", "- - - - -", "> > > > >")
"""Formulas, surplus cells, controls, and depth are dealt with in a way of our own."""

KNOWN = [text for text in CONSTRUCTS if not any(mark in text for mark in OURS_ALONE)]

FRAGMENTS = (
    *("a", "b c", "- ", "* ", "1. ", "2) ", "10. ", "> ", ">", "    ", "  ", " ", "\t", "`", "_"),
    *("\n", "\n", "\n", "\n\n", "```\n", "~~~", "# ", "###", "---", "===", "***", "+ "),
)


@pytest.mark.parametrize("text", KNOWN)
def test_constructs_are_read_as_markdown_it_reads_them(text):
    assert ours(text) == Theirs(text).found


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join))
@example("- a\n2. b")
@example("> a\nb\n\n1.  c\n\n    d\n10. e")
@example("-\n\n  not in it")
@example("\t- a\n \tb")
def test_random_blocks_are_read_as_markdown_it_reads_them(text):
    # An empty item before a blank line ends its list for markdown-it, not for CommonMark.
    assume(not re.search(r"(?:[-*+]|\d[.)])[ \t]*\n[ \t>]*(?:\n|$)", text))
    text = text.rstrip()
    assert ours(text) == Theirs(text).found


def test_a_row_with_too_many_cells_loses_nothing():
    (table,) = parse("| a | b |\n|---|---|\n| 1 | 2 | 3 |\n| 4 |")
    assert [fitted(line, 2) for line in table.lines] == [["a", "b"], ["1", "2 | 3"], ["4", ""]]


def test_formulas_end_with_their_mark_or_a_blank_line():
    blocks = parse("so\n$$\na\n- b\n$$ \nthen\n\n\\[\nnever closed\n\nend")
    assert [(type(block).__name__, block.source.strip()) for block in blocks] == [
        ("Paragraph", "so"),
        ("Formula", "$$\na\n- b\n$$"),
        ("Paragraph", "then"),
        ("Formula", "\\[\nnever closed"),
        ("Paragraph", "end"),
    ]


def test_code_is_exact_and_numbered():
    first, second = parse(
        "1. x\n   ```go title=a.go\n   \tif x {\n\n   }\n   ```\n\n       a\n\n\n"
    )[1:]
    assert (first.ordinal, first.info, first.code) == (1, "go title=a.go", "\tif x {\n\n}\n")
    assert (second.ordinal, second.info, second.code) == (2, "", "a\n")


def test_a_fork_leaves_the_parser_as_it_was():
    parser = MarkdownParser()
    parser.feed("- a")
    parser.feed("  ```")
    for partial in ("  x", "  ```", "# h", ""):
        fork = parser.fork()
        fork.feed(partial)
        fork.finish()
    parser.feed("  code")
    assert [block.lines for block in parser.finish()] == [["a"], ["code"]]


@pytest.mark.parametrize("mark", [">", "- ", "1. "])
def test_depth_has_an_end(mark):
    (block,) = parse(mark * 3000 + "deep")
    assert len(block.path) <= 20
    assert "deep" in block.source
