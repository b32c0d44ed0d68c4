"""Looks for patterns in a process of its own, which Python's regular expressions may occupy.

Run as a script, without the rest of groqchat: a line ``ready`` comes first; then, for each line
``[pattern, text]`` of JSON, ``1`` or ``0``. What takes longer than its argument (seconds) ends the
process, also where nobody waits for it any more.
"""

import json
import re
import signal
import sys


def serve(limit_s: float) -> None:
    """Answer until there is nothing more to look for."""
    bound = getattr(signal, "setitimer", None)  # Windows has none; whoever asks ends it there.
    print("ready", flush=True)
    for line in sys.stdin.buffer:
        pattern, text = json.loads(line)
        if bound is not None:
            bound(signal.ITIMER_REAL, limit_s)
        found = re.search(pattern, text) is not None
        if bound is not None:
            bound(signal.ITIMER_REAL, 0)
        print(int(found), flush=True)


if __name__ == "__main__":
    serve(float(sys.argv[1]))
