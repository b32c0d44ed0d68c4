"""``python -m groqchat`` and the ``groqchat`` command: hand over to the command line."""

import gc
import sys

from groqchat.cli import main as command_line

# Python looks for garbage 120 times while an answer is fetched, and again through everything at the
# end of the process: a quarter of its processor time, for modules that stay to the end. So many
# objects are about as many as a command makes before its first request.
OBJECTS_BEFORE_A_COLLECTION = 100_000


def main() -> int:
    """Run the command line in a process of its own; returns the exit code."""
    gc.set_threshold(OBJECTS_BEFORE_A_COLLECTION)
    try:
        return command_line.main()
    finally:
        gc.freeze()


if __name__ == "__main__":
    sys.exit(main())
