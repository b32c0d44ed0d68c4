"""A session as a page: Markdown as on the screen, code in colours, nothing that runs or loads."""

from dataclasses import replace

import pytest

from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.turns.chat import State
from groqchat.reports.session_page import session_page
from tests.services.archives import MESSAGES, TALK


def page(answer="x", prompt="why?", **known):
    said = (
        replace(MESSAGES[0], content=prompt),
        replace(MESSAGES[1], content=answer, state=State.COMPLETE, **known),
    )
    return session_page(replace(TALK, messages=said))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a **b** `c`", "<strong>b</strong> <code>c</code>"),
        ("| a | b |\n|---|--:|\n| 1 | 2 |", '<td style="text-align:right">2</td>'),
        ("* one\n* two", "<li>two</li>"),
        ("~~gone~~", "<s>gone</s>"),
        ("https://example.org/a", '<a href="https://example.org/a">'),
        ("see setup.py", "<p>see setup.py</p>"),
        ("```python\nif x:\n    pass\n```", '<span class="k">if</span>'),
        ("```nothing\n<b>\n```", "&lt;b&gt;"),
        ("```python\n<b>\n```", "&lt;"),
    ],
)
def test_answers_are_markdown(written, shown):
    assert shown in page(written)


def test_prompts_are_shown_as_they_were_written():
    assert '<pre class="said">\n**not** <b>bold</b></pre>'.replace("<b>", "&lt;b&gt;").replace(
        "</b>", "&lt;/b&gt;"
    ) in page(prompt="**not** <b>bold</b>")


@pytest.mark.parametrize(
    "evil",
    [
        "<img src=x onerror=alert(1)>", "![a](https://example.org/a.png)",
        "[x](javascript:alert(1))",
        "<style>body{display:none}</style>", '"><script>alert(1)</script>',
        "```\"><script>alert(1)</script>\nx\n```",
    ],
)  # fmt: skip
def test_no_text_brings_markup_of_its_own(evil):
    made = page(evil, prompt=evil, reasoning=evil, model=evil)
    for tag in ("<img", "<script", "<style>body", 'href="javascript'):
        assert tag not in made, tag


def test_an_answer_has_the_footer_of_the_screen_and_its_reasoning_folded():
    made = page(usage=Usage(10, 4, 20), timing=Timing(0.2, 1.2), reasoning="Hm <.")
    assert (
        "<footer>m/1 · 10 in (4 cached) · 20 out · 20 tok/s · first token 200ms · $0.00000375"
        in made
    )
    assert "<summary>thought</summary>" in made
    assert "Hm &lt;." in made


def test_an_answer_tells_what_it_was_asked_with():
    shown = page(asked_with={"temperature": 0.2, "stop": ["<b>"]})
    assert "<footer>Asked with <code>temperature 0.2 · stop &lt;b&gt;</code></footer>" in shown
    assert "Asked with" not in page()
