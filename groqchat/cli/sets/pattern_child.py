"""Searches for regular expressions in a process of its own, which they may keep busy.

The script runs without the rest of groqchat. It prints a line ``ready``; then, for each line
``[pattern, text]`` of JSON, ``1`` or ``0``. A search that takes longer than the argument (seconds)
ends the process, also when nobody waits for it any more.
"""

import json
import re
import signal
import sys


def serve(limit_s: float) -> None:
    """Answer searches until stdin ends."""
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
