"""``groqchat help --man``: the man page."""

import re

from groqchat.catalog.guides import GUIDES
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.main import COMMANDS


def test_the_man_page_has_all_commands_options_guides_and_exit_codes(groqchat, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1764460800")
    told = groqchat("help", "--man")
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith('.TH GROQCHAT 1 "2025-11-30" "groqchat ')
    assert told.out.isascii()
    sections = re.findall(r"^\.SS groqchat (.*)$", told.out, re.MULTILINE)
    assert [name for name in COMMANDS if name not in sections] == []
    assert "sessions export" in sections
    heads = re.findall(r"^\.TP\n(.*)$", told.out, re.MULTILINE)
    assert r"\fB\-m\fR, \fB\-\-model\fR \fIID\fR" in heads
    assert r"\fB\-\-no\-save\fR" in heads
    assert {rf"\fB{name}\fR" for name in GUIDES} < set(heads)
    assert {rf"\fB{int(code)}\fR" for code in ExitCode} < set(heads)
    assert r"\fBGROQ_API_KEY\fR" in heads


def test_no_line_of_the_man_page_is_taken_for_a_command_of_roff(groqchat):
    lines = groqchat("help", "--man").out.splitlines()
    commands = {line.split()[0] for line in lines if line.startswith((".", "'"))}
    assert commands == {".TH", ".nh", ".ad", ".SH", ".SS", ".PP", ".TP", ".nf", ".fi"}


def test_the_man_page_is_about_no_topic(groqchat):
    told = groqchat("help", "limits", "--man")
    assert (told.code, told.out) == (2, "")
    assert "--man is the page of the whole program" in told.err
