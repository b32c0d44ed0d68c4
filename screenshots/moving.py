"""Makes the moving picture of the README: ``python -m screenshots.moving``.

A prompt is typed, its answer streams while the quota panel counts, a refusal shows its remedies,
and two models are compared; every frame is drawn by the running demo.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from PIL import Image

from groqchat.bootstrap import Launch, LocalServices
from groqchat.ui.app import GroqchatApp
from groqchat.ui.chat.opening import Opening
from screenshots.make import FOLDER, photograph, wait
from screenshots.standing_time import in_standing_time

if TYPE_CHECKING:
    from textual.pilot import Pilot

_SIZE = (124, 30)
_COLOURS = 96
_MOST_BYTES = 2_000_000


class Frame(NamedTuple):
    """What the screen shows, as SVG, and for how long, in milliseconds."""

    svg: str
    shown_ms: int


class Film:
    """Takes frames of the running program.

    Args:
        pilot: The program.
    """

    def __init__(self, pilot: Pilot[str]) -> None:
        self._pilot = pilot
        self.frames: list[Frame] = []

    async def take(self, shown_ms: int) -> None:
        """Take a frame."""
        await self._pilot.pause()
        self.frames.append(Frame(self._pilot.app.export_screenshot(title="groqchat"), shown_ms))

    async def type(self, text: str, at_once: int = 7) -> None:
        """Type a text, some characters a frame."""
        for start in range(0, len(text), at_once):
            for key in text[start : start + at_once]:
                await self._pilot.press("space" if key == " " else key)
            await self.take(140)

    async def send(self, frames: int) -> None:
        """Press Enter, and take some frames of the answer."""
        await self._pilot.press("enter")
        for _ in range(frames):
            await self._pilot.pause(0.35)
            await self.take(220)


async def play(pilot: Pilot[str]) -> list[Frame]:
    """The frames of the whole film."""
    film, app = Film(pilot), pilot.app
    before = app.screen.workspace.figures.last_turn
    await film.take(900)
    await film.type("Explain rate limits in a table")
    await film.send(8)
    await wait(pilot, lambda: app.screen.workspace.figures.last_turn is not before)
    await film.take(2_500)
    app.screen.composer.text = "And now? simulate: rate_limited=61"
    await film.take(700)
    await film.send(2)
    await film.take(2_200)
    await pilot.press("escape")
    await pilot.pause(0.5)
    app.screen.composer.text = "/compare 20b qwen"
    await film.take(900)
    await pilot.press("enter")
    await wait(pilot, lambda: type(app.screen).__name__ == "CompareScreen")
    app.screen.prompt.write("Write a haiku about speed")
    await film.take(700)
    await film.send(4)
    await wait(pilot, lambda: not app.screen.is_busy)
    await film.take(3_000)
    return film.frames


async def frames() -> list[Frame]:
    """Play the film on the demo."""
    app = GroqchatApp(lambda: LocalServices(Launch(demo=True)), Opening())
    async with app.run_test(size=_SIZE) as pilot:
        await wait(pilot, lambda: app.screen.connection)
        app.screen.composer.area.cursor_blink = False
        return await play(pilot)


def main() -> None:
    """Make the picture."""
    os.environ |= {"GROQCHAT_HOME": tempfile.mkdtemp(), "COLORTERM": "truecolor", "TERM": "xterm"}
    taken, pictures = in_standing_time(frames), []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "frame.png"
        for frame in taken:
            photograph(frame.svg, file)
            with Image.open(file) as picture:
                pictures.append(picture.convert("RGB"))
    # One palette for all, so that what stands still stays the same to the pixel.
    palette = pictures[len(pictures) // 2].quantize(_COLOURS)
    first, *rest = [
        picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures
    ]
    made = FOLDER / "moving.gif"
    first.save(
        made, save_all=True, append_images=rest, loop=0, duration=[each.shown_ms for each in taken]
    )
    if made.stat().st_size > _MOST_BYTES:
        raise SystemExit(f"{made.name} is larger than {_MOST_BYTES:,} bytes")
    print(f"{made.name}: {len(taken)} frames, {made.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
