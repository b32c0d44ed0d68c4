"""A saved session as an HTML page that looks like the chat: colours, Markdown, code, footers."""

from __future__ import annotations

import html
from functools import cache
from typing import TYPE_CHECKING

from groqchat.domain.turns.answer_details import asked_with_words
from groqchat.domain.turns.answer_footer import footer_of
from groqchat.domain.turns.answered_calls import results_behind
from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.reports.comparison_lines import comparison_lines
from groqchat.reports.page_style import POLICY
from groqchat.reports.session_images import images_as_html
from groqchat.reports.session_words import COMPARED, day, heading, note
from groqchat.reports.tool_lines import calls_of, steps_of, text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from markdown_it import MarkdownIt

    from groqchat.domain.images.image import Image
    from groqchat.domain.sessions.archive import Archive
    from groqchat.domain.turns.chat import Message


def session_page(archive: Archive) -> str:
    """The session as a self-contained HTML page: no scripts, nothing fetched, no HTML of texts."""
    session, lines = archive.session, list(comparison_lines(archive))
    system = [_section("System", "system", _plain(session.system))] if session.system else []
    compared = [_section(COMPARED, "system", _plain("\n".join(lines)))] if lines else []
    kept = {image.digest: image for image in archive.images}
    results = results_behind(archive.exported_messages)
    said = [_message(message, kept, results) for message in archive.exported_messages]
    body = "\n".join([*system, *said, *compared])
    title = html.escape(session.title)
    known = {"title": title, "day": day(session.created), "note": note(archive)}
    return _PAGE.format(policy=POLICY, style=_STYLE, body=body, **known)


def _message(message: Message, kept: Mapping[str, Image], results: Mapping[str, int]) -> str:
    is_answer = message.role is Role.ASSISTANT
    text = (
        _answer(message, results)
        if is_answer
        else _plain(text_of(message)) + images_as_html(message, kept)
    )
    if message.reasoning:
        thought = _plain(message.reasoning)
        text = f"<details><summary>thought</summary>{thought}</details>\n{text}"
    if is_answer and message.state is not State.STREAMING:
        text += f"\n<footer>{html.escape(footer_of(message))}</footer>"
        asked_with = " · ".join(asked_with_words(message.asked_with))
        if asked_with:
            text += f"\n<footer>Asked with <code>{html.escape(asked_with)}</code></footer>"
    kind = "system" if message.kind is not MessageKind.SPOKEN else message.role
    return _section(heading(message), kind, text)


def _answer(message: Message, results: Mapping[str, int]) -> str:
    """The steps before an answer, its text and its calls; an open fence in one ends with it."""
    render = _markdown().render
    blocks = (
        "\n\n".join(steps_of(message)),
        text_of(message),
        "\n\n".join(calls_of(message, results)),
    )
    return "".join(render(block) for block in blocks if block)


def _section(title: str, kind: str, inner: str) -> str:
    return f'<section class="{kind}">\n<h2>{html.escape(title)}</h2>\n{inner}\n</section>'


def _plain(text: str) -> str:
    """A text as it was written; a line break behind the tag is none of the text."""
    return f'<pre class="said">\n{html.escape(text)}</pre>'


@cache
def _markdown() -> MarkdownIt:
    """GitHub's dialect; HTML is text, and an image is a link."""
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("gfm-like", {"html": False, "highlight": _highlighted})
    markdown.disable("image")
    # Names of files such as setup.py are no links; what has a scheme is one.
    markdown.core.ruler.disable("linkify")
    return markdown


def _highlighted(code: str, language: str, _: str) -> str:
    """The HTML of a block of code; empty where its language is unknown, and the text then stays."""
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language)
    except ClassNotFound:
        return ""
    coloured: str = highlight(code, lexer, HtmlFormatter(nowrap=True))
    return coloured


# The colours of the themes groq-dark and groq-light.
_STYLE = """\
:root {
  color-scheme: dark light;
  --ground: #101011; --surface: #171718; --ink: #eceae6; --soft: #9d9a95; --line: #3a393b;
  --accent: #ff7c66; --bar: #f55036; --good: #5cc689; --warn: #f0b849; --bad: #ff8aa1;
  --link: #8ab8ff; --second: #9aa7bd;
}
@media (prefers-color-scheme: light) {
  :root {
    --ground: #fcfbf9; --surface: #f4f2ee; --ink: #1e1c1a; --soft: #625e58; --line: #cfcac1;
    --accent: #b82e16; --bar: #c02e14; --good: #176c3e; --warn: #8a5a00; --bad: #b3123f;
    --link: #1a56b0; --second: #55617a;
  }
}
body {
  margin: 0 auto; max-width: 100ch; padding: 2rem 1rem; background: var(--ground);
  color: var(--ink);
  font: 15px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Noto Sans Mono", monospace;
}
h1, h2, h3, h4, h5, h6 { font-size: 1em; margin: 1em 0 .4em; color: var(--accent); }
h1 { text-decoration: underline; overflow-wrap: anywhere; }
a { color: var(--link); }
header p, footer, summary { color: var(--soft); margin: .2em 0; }
section { border-left: 3px solid var(--line); padding: 0 0 0 1rem; margin: 1.6rem 0;
  overflow-wrap: anywhere; }
section > h2 { margin: 0 0 .4em; }
section.user { border-color: var(--good); }
section.user > h2 { color: var(--good); }
section.assistant { border-color: var(--bar); }
section.system > h2 { color: var(--soft); }
footer { font-size: .9em; }
pre { font: inherit; margin: .6em 0; white-space: pre-wrap; overflow-wrap: anywhere; }
pre:not(.said) { background: var(--surface); padding: .6em 1em; }
code { font: inherit; color: var(--accent); background: var(--surface); }
pre code { color: inherit; }
blockquote { border-left: 3px solid var(--bar); margin: .6em 0; padding-left: 1em; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid var(--line); padding: .2em .7em; }
th { color: var(--accent); }
img { display: block; max-width: 100%; max-height: 60vh; margin: .6em 0; }
hr { border: 0; border-top: 1px solid var(--line); }
details { color: var(--soft); margin: .4em 0; }
summary { cursor: pointer; }
code [class^="c"] { color: var(--soft); font-style: italic; }
code [class^="k"], code .ow { color: var(--accent); }
code [class^="s"] { color: var(--good); }
code [class^="m"] { color: var(--warn); }
code .kc, code .gd { color: var(--bad); }
code .gi { color: var(--good); }
code .nf, code .nc { font-weight: bold; }
code .nb, code .kt { color: var(--second); }
@media print { section { break-inside: avoid-page; } }
"""

_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
{policy}
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header>
<h1>{title}</h1>
<p>{day}</p>
<p><em>{note}</em></p>
</header>
{body}
</body>
</html>
"""
