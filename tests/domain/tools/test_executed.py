"""Steps of built-in tools, and the marks that cite them."""

import json

import pytest

from groqchat.domain.tools.executed import ExecutedTool, Source, cited, pages_of, resolved

FOUND = (Source("One", "https://one.example/"), Source("Two", "https://two.example/"))
SEARCH = ExecutedTool("browser.search", '{"query": "q"}', "", FOUND)


@pytest.mark.parametrize(
    ("opened", "page"),
    [
        (ExecutedTool("browser.open", '{"cursor": 0, "id": 1}'), FOUND[1]),
        (
            ExecutedTool("browser.open", '{"id": "https://three.example/"}'),
            Source("https://three.example/", "https://three.example/"),
        ),
        (
            ExecutedTool("browser.open", "{}", "[1] Four (https://four.example/)\n**viewing**"),
            Source("Four", "https://four.example/"),
        ),
        (ExecutedTool("browser_search", "{}", "", (FOUND[0],)), FOUND[0]),
        (ExecutedTool("browser.open", '{"cursor": 7, "id": 1}'), None),
        (ExecutedTool("browser.open", "no JSON"), None),
    ],
)
def test_a_page_is_what_was_opened(opened, page):
    assert pages_of([SEARCH, ExecutedTool("python", "1"), opened]).get(1) == page


def test_marks_become_links_where_their_page_is_known():
    opened = ExecutedTool("browser.open", '{"cursor": 0, "id": 1}')
    text = "So 【1†L6-L10】 and 【9†L1】 and 【x】."
    linked = resolved(text, [SEARCH, opened])
    assert linked == "So [【1】](<https://two.example/>) and 【9†L1】 and 【x】."
    assert cited(text, [SEARCH, opened]) == [(1, FOUND[1])]
    assert resolved(text, []) == text


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://e.org/> [x](", "file:///etc"])
def test_only_addresses_of_the_web_become_links(url):
    step = ExecutedTool("browser.search", "{}", "", (Source("T", url),))
    assert resolved("So 【0†L1】", [step]) == "So 【0†L1】"


@pytest.mark.parametrize(
    ("arguments", "subject"),
    [
        (json.dumps({"query": "rust 2026"}), "rust 2026"),
        (json.dumps({"cursor": 0, "id": 3}), "3"),
        ("import math\nmath.sqrt(2)\n", "import math\nmath.sqrt(2)"),
        ("{}", "{}"),
    ],
)
def test_the_subject_of_a_step(arguments, subject):
    assert ExecutedTool("python", arguments).subject == subject
