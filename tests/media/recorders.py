"""A script in the place of ``arecord``, which plays a tone of known length."""

import os

from tests.media.sounds import tone

# Prints sound and goes on until it is ended.
RECORDS = """
env > "$OUT/environment"
echo $$ > "$OUT/pid"
trap ': > "$OUT/ended"; exit 0' TERM
cat "$OUT/tone"
while :; do sleep 0.02; done
"""
# Goes on as long as somebody listens.
STREAMS = 'echo $$ > "$OUT/pid"; while cat "$OUT/tone"; do sleep 0.05; done'
DIES = 'cat "$OUT/tone"; echo "arecord: audio open error: No such device" >&2; exit 1'


def fake_recorder(folder, script, seconds=5.0):
    """Make the script.

    Returns:
        A value of ``PATH`` with it, and the folder to which it writes.
    """
    programs, out = folder / "programs", folder / "out"
    programs.mkdir()
    out.mkdir()
    (out / "tone").write_bytes(tone(seconds))
    program = programs / "arecord"
    program.write_text(f"#!/bin/sh\nOUT='{out}'\n{script}\n")
    program.chmod(0o755)
    return f"{programs}{os.pathsep}{os.environ['PATH']}", out
