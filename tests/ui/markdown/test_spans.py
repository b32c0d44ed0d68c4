"""Inline markup, code colours, wrapping and tables, each by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from groqchat.ui.markdown.highlight import colour, language
from groqchat.ui.markdown.inline import spans
from groqchat.ui.markdown.lines import Line, Span, cut, mark, plain
from groqchat.ui.markdown.table import shares
from groqchat.ui.markdown.warm_up import warm_up
from groqchat.ui.markdown.wrap import chop, wrap

TEXTS = st.text(st.sampled_from("ab  \n漢字、👩é\u0301-"), max_size=60)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("**a** *b* ~~c~~ `d`", [("a", "strong"), ("b", "em"), ("c", "strike"), ("d", "code")]),
        ("a **b *c***", [("a ", ""), ("b ", "strong"), ("c", "strong em")]),
        (r"\(a_1\) $x_1$ $$y$$", [("a₁", "math"), ("x₁", "math"), ("y", "math")]),
        (r"stray \( \[ \*", [(r"stray \( \[ *", "")]),
        ("$5 and $6", [("$5 and $6", "")]),
        ("List<String>&lt;", [("List", ""), ("<String>", ""), ("<", "")]),
        ('__<a href="__*x*"> <br>', [("__", ""), ('<a href="__*x*">', ""), ("<br>", "")]),
        ("[a][1] [^2]", [("[a][1] [^2]", "")]),
        ("see setup.py", [("see setup.py", "")]),
        ("&#x202e;&#8232;x", [("\nx", "")]),
        ("[/red] [@click=app.quit]x[/]", [("[/red] [@click=app.quit]x[/]", "")]),
    ],
)
def test_markup(source, shown):
    assert [(span.text, span.style) for span in spans(source) if span.text != " "] == shown


@pytest.mark.parametrize(
    ("source", "shown", "href"),
    [
        ("[t](https://e.org/a%26b)", "t (https://e.org/a%26b)", "https://e.org/a%26b"),
        ("https://e.org/x.", "https://e.org/x.", "https://e.org/x"),
        ("<https://e.org>", "https://e.org", "https://e.org"),
        ("[https://e.org](https://e.org)", "https://e.org", "https://e.org"),
        (
            "[https://good.org](https://bad.org)",
            "https://good.org (https://bad.org)",
            "https://bad.org",
        ),
        ("<me@e.org>", "me@e.org", "mailto:me@e.org"),
        ("![alt](https://e.org/i.png)", "image: alt (https://e.org/i.png)", "https://e.org/i.png"),
        ("[k](ssh://host)", "k (ssh://host)", ""),
        ("[k](/etc/passwd)", "k (/etc/passwd)", ""),
        ("[k](javascript:x)", "[k](javascript:x)", ""),
    ],
)
def test_links_tell_where_they_lead(source, shown, href):
    found = spans(source)
    assert plain(found) == shown
    assert found[0].href == href


def test_an_address_in_look_alike_letters_is_unmasked():
    assert "xn--" in plain(spans("http://\u0430pple.com"))


def test_code_keeps_its_text_whatever_the_language():
    code = ["def f():", "\treturn '''a", "", "b'''  # c"]
    for name in ("python", "c", "html", "php", "no such language", ""):
        assert [plain(row) for row in colour(code, name)] == code
    assert {span.style for row in colour(code, "") for span in row} == {"code.text"}
    assert {span.style for row in colour(code, "python") for span in row} > {"code.keyword"}


@pytest.mark.parametrize(
    "info", ["python", "Python title=x", "{.python}", "python:main.py", "python,x"]
)
def test_language_of_a_fence(info):
    assert language(info) == "python"


@given(TEXTS, st.integers(2, 20))
def test_rows_fit_and_hold_all_but_blanks(text, width):
    rows = wrap(text, width)
    for row in rows:
        assert cell_len(text[row.start : row.end]) <= width
    assert "".join(text[row.start : row.next] for row in rows) == text
    assert not "".join(text[row.end : row.next] for row in rows).strip()


@given(TEXTS, TEXTS, st.integers(2, 20))
def test_rows_above_the_last_stay(text, more, width):
    before = wrap(text, width)[:-1]
    assert wrap(text + more, width)[: len(before)] == before


@given(TEXTS.map(lambda text: text.replace("\n", "")), st.integers(2, 20))
def test_chopped_rows_hold_every_character(text, width):
    rows = chop(text, width)
    assert "".join(text[row.start : row.end] for row in rows) == text
    assert all(cell_len(text[row.start : row.end]) <= width for row in rows)


COLUMNS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=9)


@given(COLUMNS, st.integers(9, 80))
def test_shares_use_the_room_and_no_more(columns, total):
    wanted = [max(want, word) for want, word in columns]
    widths = shares(wanted, [word for _want, word in columns], total)
    assert sum(widths) <= total
    assert all(0 < width <= max(1, want) for width, want in zip(widths, wanted, strict=True))


def test_short_words_are_not_broken_while_long_texts_can_give_way():
    assert shares([40, 6, 40], [8, 6, 9], 30) == [12, 6, 12]


def test_a_copy_leaves_decoration_out():
    line = Line(
        (Span("▎ ", "chrome quote"), Span("a b"), Span(" │ ", "chrome"), Span("c")), lead="- "
    )
    assert line.copied() == "- a b\tc"
    assert line.copied(4, 8) == "b"
    assert plain(cut(line.spans, 2, 5)) == "a b"
    assert [span.style for span in mark(line, 0, 3, "hit").spans][:3] == ["chrome quote", "hit", ""]


def test_an_address_is_found_by_its_cells():
    line = Line((Span("漢字 "), Span("link", "link", "https://e.org")))
    assert [bool(line.href_at(cell)) for cell in (0, 4, 5, 8, 9)] == [
        False,
        False,
        True,
        True,
        False,
    ]


def test_warm_up_loads_the_parser():
    warm_up()
