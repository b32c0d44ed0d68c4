"""Imports what a chat has in memory once it is warmed up, part by part, and prints what each takes.

Each line is the name of a part and the MiB by which it makes the process larger. A library counts
for the part that needs it first.
"""

import gc
import importlib
import json
import sys
from pathlib import Path

SCREENS = ("groqchat.ui.app", "groqchat.ui.chat.startup", "groqchat.ui.chat.screen")
COMMON = ("groqchat.bootstrap", "groqchat.services.account.connection")


def memory_kib():
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])


def textual():
    for name in ("_input", "_text_area", "_static", "_option_list", "_toast", "_tree"):
        importlib.import_module(f"textual.widgets.{name}")


def sdk():
    sys.modules["httpx._main"] = None  # its command line, which the chat leaves out too
    importlib.import_module("groq")


def connections():
    from groqchat.provider.transport import load_transport, new_transport

    load_transport()
    new_transport("http://127.0.0.1", connect_s=1, gap_s=1)


def database():
    import sqlite3

    sqlite3.connect(":memory:").execute("CREATE VIRTUAL TABLE searched USING fts5 (content)")


def markdown():
    from groqchat.ui.markdown.inline import spans

    spans("*warm* `up` https://example.org")


def highlighters():
    from groqchat.ui.markdown.warm_up import warm_up

    warm_up()


def groqchat():
    for name in (*COMMON, *SCREENS):
        importlib.import_module(name)


PARTS = (textual, sdk, connections, database, markdown, highlighters, groqchat)


def main():
    gc.disable()
    print(json.dumps(["python", memory_kib() / 1024]))
    for part in PARTS:
        before = memory_kib()
        part()
        print(json.dumps([part.__name__, (memory_kib() - before) / 1024]))


if __name__ == "__main__":
    sys.exit(main())
