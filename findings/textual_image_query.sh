#!/bin/sh
# textual-image 0.12.0: the import of textual_image.renderable or textual_image.widget asks the terminal for sixels and
# for kitty's graphics, and reads the answer from stdin itself. Where the answer is late, or none, what was typed is read
# instead, and its first letters are gone. Inside a running Textual app the answer goes to Textual's own reader. Nothing
# but a stdout that is no terminal keeps it from asking. Seen: "asked: True", "typed hello, left: llo". Exits with 1
# where that changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q "textual-image==0.12.0"
PROGRAM="$folder/venv/bin/python" python3 - <<'PYTHON'
import os
import pty
import select
import sys
import tty

CHILD = """
import os, sys, tty
tty.setraw(0)
os.write(1, b"READY")
import textual_image.renderable
left = b""
while not left.endswith(b"!"):
    left += os.read(0, 64)
os.write(1, b"<LEFT " + left + b">")
"""
pid, terminal = pty.fork()
if pid == 0:
    os.environ["TERM"] = "xterm-256color"
    os.execv(os.environ["PROGRAM"], [os.environ["PROGRAM"], "-c", CHILD])
seen, is_typed, is_ended = b"", False, False
while b"<LEFT " not in seen or not seen.endswith(b">"):
    if not select.select([terminal], [], [], 30)[0]:
        break
    try:
        seen += os.read(terminal, 4096)
    except OSError:
        break
    if not is_typed and b"READY" in seen:
        os.write(terminal, b"hello")  # somebody types while the program starts
        is_typed = True
    if not is_ended and b"\x1b_G" in seen:
        os.write(terminal, b"!")  # behind both questions
        is_ended = True
left = seen.partition(b"<LEFT ")[2].rstrip(b"!>").decode()
print(f"asked: {is_ended}")
print(f"typed hello, left: {left}")
sys.exit((is_ended, left) != (True, "llo"))
PYTHON
