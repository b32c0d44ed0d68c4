"""Makes checks in a process of its own, which a regular expression may keep busy.

The script prints a line ``ready``; then, for each line of JSON, one with the result:
``["regex", pattern, text]`` is true where the pattern is in the text, and
``["schema", schema, answer]`` is a list of what is wrong, each as its path and words. A check that
takes longer than the argument (seconds) ends the process, also when nobody waits for it any more.
"""

from __future__ import annotations

import json
import re
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_ROOT = Path(__file__).parents[3]


def serve(limit_s: float) -> None:
    """Make checks until stdin ends."""
    bound = getattr(signal, "setitimer", None)  # Windows has none; whoever asks ends it there.
    _say("ready")
    for line in sys.stdin.buffer:
        kind, wanted, text = json.loads(line)
        check = _mismatches() if kind == "schema" else _is_found
        if bound is not None:
            bound(signal.ITIMER_REAL, limit_s)
        result = check(wanted, text)
        if bound is not None:
            bound(signal.ITIMER_REAL, 0)
        _say(json.dumps(result))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _is_found(pattern: str, text: str) -> bool:
    return re.search(pattern, text) is not None


def _mismatches() -> Callable[[str, str], object]:
    """The check of an answer against a schema; what it needs is loaded before its time counts."""
    if str(_ROOT) not in sys.path:  # the program may run from a folder of its source
        sys.path.append(str(_ROOT))
    from groqchat.domain.structured.validation import mismatches

    mismatches("{}", "{}")
    return lambda schema, answer: [(each.path, each.words) for each in mismatches(schema, answer)]


if __name__ == "__main__":
    serve(float(sys.argv[1]))
