"""Code is read by its lexer once, however often and at whatever widths it is laid out."""

from groqchat.ui.markdown.highlight import colour
from groqchat.ui.markdown.lexers import LEXERS


def test_code_is_read_once_however_often_it_is_laid_out(monkeypatch):
    lexer = LEXERS.get("python")
    reads, get_tokens = [], lexer.get_tokens
    monkeypatch.setattr(lexer, "get_tokens", lambda code: reads.append(code) or get_tokens(code))
    code = ["def once():", "    return 'never read before'"]
    first = colour(code, "python")
    assert ["".join(span.text for span in row) for row in first] == code
    assert first[0][0].style == "code.keyword"
    assert colour(code, "python") == first
    assert reads == ["\n".join(code)]
