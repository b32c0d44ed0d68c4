"""Web pages as text."""

import pytest

from groqchat.services.pages.ports import Fetched, PageError
from groqchat.services.pages.web_pages import WebPages, html_text, page_of

PAGE = """<!doctype html><html><head><title>Rate  limits</title><style>p {}</style></head><body>
<nav><a href="/">Home</a> <a href="/x">Elsewhere</a></nav>
<main><h2>What counts</h2><p>Tokens &amp; requests, <b>both</b>.</p>
<pre><code>x = 1
y = 2</code></pre><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>
<script>alert("no")</script></main><footer>Imprint</footer></body></html>"""


def fetched(data, content_type="text/html", charset=""):
    return Fetched("https://example.org/a", content_type, charset, data)


def test_of_a_page_the_main_part_is_read_as_markdown():
    text = page_of(fetched(PAGE.encode())).text
    assert text.startswith("# Rate limits\n\n## What counts\n\nTokens & requests, **both**.\n")
    assert "```\nx = 1\ny = 2\n```" in text
    assert "| 1 | 2 |" in text
    for left_out in ("Home", "alert", "Imprint", "p {}"):
        assert left_out not in text


def test_a_small_part_is_not_taken_for_the_page():
    page = f"<main>Menu</main><div>{'What the page says. ' * 20}</div>"
    assert "What the page says." in html_text(page.encode())


@pytest.mark.parametrize(
    ("data", "content_type", "charset", "text"),
    [
        (b"plain", "text/plain", "", "plain"),
        ("größer".encode("latin-1"), "text/plain", "iso-8859-1", "größer"),
        ("größer".encode(), "text/plain", "no-such", "größer"),
        (b'{"a": 1}', "application/json", "", '{"a": 1}'),
        (b"<feed>x</feed>", "application/atom+xml", "utf-8", "<feed>x</feed>"),
        (b"<!DOCTYPE HTML><p>Hi", "", "", "Hi"),
        (b"no type", "", "", "no type"),
        ("größer".encode(), "application/octet-stream", "", "größer"),
        ("<p>größer".encode("latin-1"), "text/html", "iso-8859-1", "größer"),
        ("<meta charset=cp1252><p>größer".encode("cp1252"), "text/html", "", "größer"),
    ],
)
def test_texts_are_read_in_their_encodings(data, content_type, charset, text):
    assert page_of(fetched(data, content_type, charset)).text == text


@pytest.mark.parametrize(
    ("data", "content_type", "reason"),
    [
        (b"PK\3\4", "application/zip", "is application/zip; text, HTML, PDF and images are read"),
        (b"\x7fELF\0", "application/octet-stream", "is application/octet-stream; text, HTML"),
        (b"<div id=root></div><script>x</script>", "text/html", "holds no text"),
        (b"\xff\xfe\0", "text/plain", "is not text in UTF-8"),
        (b"%PDF-1.4 broken", "application/pdf", "is a PDF that is broken"),
        (b"<div>" * 5_000 + b"x", "text/html", "is nested too deeply to be read"),
    ],
)
def test_what_is_no_text_is_said(data, content_type, reason):
    with pytest.raises(PageError, match=reason):
        page_of(fetched(data, content_type))


async def test_the_demo_fetches_nothing():
    with pytest.raises(PageError, match="the demo has no network"):
        await WebPages(None).read("https://example.org")
