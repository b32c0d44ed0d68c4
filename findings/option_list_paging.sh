#!/bin/sh
# Textual 8.2.8: PageDown and PageUp end the app with a KeyError while an OptionList with a highlighted option has no size:
# its lines are counted only once it has one, and `_move_page` looks up the line of the highlighted option all the same. A
# list has no size right after it was shown, or where a small terminal leaves it no room.
# Seen: "without a size: KeyError, KeyError; ten rows high: options 13 and 0". Exits with 1 where that has changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q "textual==8.2.8"
# What Textual prints of the error is shown only if something else was seen.
"$folder/venv/bin/python" - 2> "$folder/errors" <<'PYTHON' || { cat "$folder/errors" >&2; exit 1; }
import asyncio
import sys

from textual.app import App
from textual.widgets import OptionList


class Listed(App):
    def __init__(self, height):
        super().__init__()
        self.height = height

    def compose(self):
        yield OptionList(*(f"Option {number}" for number in range(100)))

    def on_mount(self):
        self.query_one(OptionList).styles.height = self.height


async def press(key, height):
    """The option that a key moves the highlight to from option 5, or the name of the error."""
    app = Listed(height)
    try:
        async with app.run_test() as pilot:
            options = app.query_one(OptionList)
            options.highlighted = 5
            await pilot.press(key)
            return options.highlighted
    except Exception as error:
        return type(error).__name__


async def main():
    return [await press(key, height) for height in (0, 10) for key in ("pagedown", "pageup")]


seen = asyncio.run(main())
print("without a size: {}, {}; ten rows high: options {} and {}".format(*seen))
sys.exit(0 if seen == ["KeyError", "KeyError", 13, 0] else 1)
PYTHON
