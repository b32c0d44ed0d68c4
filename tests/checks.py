"""Stand-ins for the process that makes checks."""

import sys

ANSWERS = "print('true', flush=True)"
LEAVES = "sys.exit()"
WAITS = "signal.pause()"


def stand_in(*deeds):
    """A child that does this with each line; what a pattern would do that never ends is a wait."""
    lines = "".join(f"    {deed}\n" for deed in deeds)
    script = f"import signal, sys\nprint('ready', flush=True)\nfor l in sys.stdin:\n{lines}"
    return (sys.executable, "-S", "-c", script)
