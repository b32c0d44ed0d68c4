"""``python -m groqchat`` and the ``groqchat`` command: hand over to the command line."""

import sys

from groqchat.cli.main import main

if __name__ == "__main__":
    sys.exit(main())
