"""Vi's normal mode in the composer makes of a text what Vim makes of it."""

import json
import subprocess

from groqchat.domain.text.vi import Mode, ViState, press
from groqchat.domain.text.vi_motions import Text
from tests.long.programs import needs

programs_are_there = needs("vim", "vim")

TEXTS = (
    "one two  three", "foo(bar, baz) qux", "a\n\nb c\n  d e", "  indented\nsecond, line\nthird",
    "x", "", "end \nnext word", "one\n", "a.b.c d_e",
)  # fmt: skip
COMMANDS = [
    *("h", "l", "j", "k", "w", "b", "e", "0", "^", "$", "gg", "G", "2G", "1G", "3w", "2b", "3l"),
    *(
        "x",
        "X",
        "2x",
        "dd",
        "2dd",
        "dw",
        "db",
        "de",
        "d$",
        "d0",
        "D",
        "dj",
        "dk",
        "dG",
        "dgg",
        "d2w",
    ),
    *("d2w", "cw", "cc", "ce", "c2w", "C", "S", "s", "o", "O", "i", "a", "I", "A", "~", "J", "rz"),
    *("2ry", "yy", "yw", "Y", "p", "P", "2p", "yyp", "ywP", "ywdwp", "xp", "ddp", "ddP"),
]
# On an empty line or the last of two, Vim counts words otherwise; one that stays is no loss here.
APART = {("a\n\nb c\n  d e", "d2w"), ("a\n\nb c\n  d e", "c2w"), ("one\n", "d2w"), ("one\n", "e")}
APART |= {("a\n\nb c\n  d e", "ywdwp")}
SCRIPT = """
set nocompatible nojoinspaces
let g:told = []
function! Run(text, row, column, keys)
  enew!
  call setline(1, split(a:text, "\\n", 1))
  let @" = ''
  call cursor(a:row, a:column)
  try
    exe 'normal! ' . a:keys
  catch
  endtry
  call add(g:told, json_encode([join(getline(1, '$'), "\\n"), line('.'), col('.')]))
endfunction
"""


def ours(text, cursor, keys):
    """The text and the cursor after keys, and after Esc where they lead to insert mode."""
    state, at = ViState(Mode.NORMAL), Text(text, cursor).on_a_character
    for key in keys:
        state, at, _ = press(state, key, at)
    if state.mode is Mode.INSERT and at.cursor > at.line_start:
        at = Text(at.text, at.cursor - 1)
    return at.text, at.cursor


def place(text, cursor):
    """The row and the column of a place, from 1 on."""
    return text.count("\n", 0, cursor) + 1, cursor - text.rfind("\n", 0, cursor)


def test_keys_do_what_they_do_in_vim(tmp_path):
    cases = [
        (text, cursor, keys)
        for text in TEXTS
        for cursor in range(max(1, len(text)))
        for keys in COMMANDS
        # A cursor stands on a line break only where the line is empty.
        if text[cursor : cursor + 1] != "\n" or cursor == 0 or text[cursor - 1] == "\n"
    ]
    script, told = tmp_path / "cases.vim", tmp_path / "told"
    calls = []
    for text, cursor, keys in cases:
        row, column = place(text, cursor)
        calls.append(f"call Run({json.dumps(text)}, {row}, {column}, {json.dumps(keys)})")
    script.write_text("\n".join((SCRIPT, *calls, f"call writefile(g:told, '{told}')", "qa!")))
    options = ("-u", "NONE", "-N", "-i", "NONE", "-n", "-es", "-S", str(script))
    subprocess.run(("vim", *options), check=True, timeout=120, stdin=subprocess.DEVNULL)
    differences = []
    for (text, cursor, keys), line in zip(cases, told.read_text().splitlines(), strict=True):
        after, row, column = json.loads(line)
        got, at = ours(text, cursor, keys)
        if (text, keys) not in APART and (got, place(got, at)) != (after, (row, column)):
            differences.append((text, cursor, keys, got, at, after, row, column))
    assert differences == []
    assert len(cases) > 4_000
