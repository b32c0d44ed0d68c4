#!/bin/sh
# Textual 8.2.8: a timer that is to fire once never fires if its delay has passed by the time its task first looks at the
# clock. The delay is short here; on a busy machine, where a process may rest between two lines, longer ones are lost too.
# Seen: "fired: 0 of 20 after 10 ns, 20 of 20 after 50 ms". Exits with 1 where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q "textual==8.2.8"
"$folder/venv/bin/python" - <<'PYTHON'
import asyncio
import sys

from textual.app import App


async def fired(delay, number=20):
    """How many of some timers fire within a second."""
    calls = []
    app = App()
    async with app.run_test():
        for _ in range(number):
            app.set_timer(delay, lambda: calls.append(1))
        await asyncio.sleep(1)
    return len(calls)


async def main():
    return await fired(1e-8), await fired(0.05)


short, long = asyncio.run(main())
print(f"fired: {short} of 20 after 10 ns, {long} of 20 after 50 ms")
sys.exit(0 if (short, long) == (0, 20) else 1)
PYTHON
