"""Pasting a command, and looking at what it did."""

from __future__ import annotations

import re
import urllib.error
import urllib.request

from tests.manual.told import IN_PLACE

# What differs each time: numbers with their units, marks of the best, rules of tables.
_MOMENT = re.compile(r"[$≈]?\d[\d,.]*(?:ms|s|m|h|%)?(?: \d+(?:ms|s|m))?|★|unknown")


def pasted(command, told):
    """The lines for the shell: what was done before, silently, and the command."""
    for theirs, ours in IN_PLACE.items():
        command = command.replace(theirs, ours)
    return f"{{ {told.first}; }} > /dev/null 2>&1; {command}" if told.first else command


def check(user, command, told):
    """Paste a command; it ends, says and writes what is told of it."""
    if told.terminal:
        with user.sit_down(pasted(command, told)) as terminal:
            for wanted, keys in told.terminal:
                terminal.wait_for(wanted)
                terminal.press(keys)
            code, out, err = terminal.wait_exit(), "", terminal.text
    else:
        code, out, err = user.paste(pasted(command, told))
    said = f"$ {command}\n{out}\n{err}"
    assert code == told.code, said
    if told.file:
        file = user.work / told.file
        assert file.is_file(), said
        assert file.stat().st_size, said
        if not out.strip():
            out = file.read_bytes().decode(errors="replace")
    assert re.search(told.out, out.strip()), said
    assert re.search(told.err, err), said


def shape(text):
    """A text without what differs each time: ``first token 45ms`` is ``first token #``."""
    lines = (" ".join(_MOMENT.sub("#", line).split()) for line in text.splitlines())
    return "\n".join(re.sub(r"#( #)+", "#", line) for line in lines if line and line != "…")


def status(url):
    """The status with which a server answers."""
    try:
        with urllib.request.urlopen(url) as reply:
            return reply.status
    except urllib.error.HTTPError as refused:
        return refused.code
