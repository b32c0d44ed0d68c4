"""Long constructs: streamed and whole are equal, and the work is linear in the text."""

import pytest

from groqchat.ui.markdown import flow, highlight, inline
from groqchat.ui.markdown.document import Document

SENTENCE = "Some **bold** and `code`, a [link](https://e.org/) and *more words*. "
LONG = {
    "paragraph": SENTENCE * 120,
    "lines": (SENTENCE.strip() + "\n") * 120,
    "unbroken": "x" * 9_000,
    "plain": "words without any mark " * 500,
    "list": "".join(f"- item {n} {SENTENCE}\n" for n in range(200)),
    "nested": "".join(f"{'  ' * (n % 5)}- item {n} {SENTENCE}\n" for n in range(150)),
    "quote": "".join(f"> line {n} {SENTENCE}\n" for n in range(80)),
    "table": "| a | b |\n|---|--:|\n"
    + "".join(f"| {n} | {'y' * (n % 50)} |\n" for n in range(150)),
    "python": "```python\n" + "def f():\n    '''doc'''\n    return 1\n\n" * 60 + "```\n",
    "docstring": '```python\nx = """\n' + "text with 'quotes\n\n" * 150 + '"""\n```\n',
    "c": "```c\n/* a\n" + " * b\n" * 150 + " */\n" + "int x = 1; // c\n" * 150 + "```\n",
    "wide code": "```json\n{}\n" + "[1]," * 2_000 + "\n{}\n```\n",
    "open fence": "~~~\n" + "line\n\n" * 200,
}


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("size", [61, 997])
def test_streamed_and_whole_are_equal(name, size):
    text = LONG[name]
    streamed, whole = Document(50), Document(50)
    for start in range(0, len(text), size):
        streamed.append(text[start : start + size])
    whole.append(text)
    assert streamed.lines() == whole.lines()


@pytest.mark.parametrize("name", LONG)
def test_what_is_read_again_is_bounded(name, monkeypatch):
    """No flush may read more than what is new and a bounded tail, however long the text is."""
    read = 0

    def spans(text, style="", known=inline.spans):
        nonlocal read
        read += len(text)
        return known(text, style)

    def colour(lines, language, known=highlight.colour):
        nonlocal read
        read += sum(map(len, lines))
        return known(lines, language)

    monkeypatch.setattr(inline, "spans", spans)
    monkeypatch.setattr(highlight, "colour", colour)
    document, text, size = Document(80), LONG[name], 100
    most = 0
    for start in range(0, len(text), size):
        read = 0
        document.append(text[start : start + size])
        most = max(most, read)
    assert most < 10_000 + size
    assert flow.inline.spans is spans
