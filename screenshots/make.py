"""Makes the pictures of README and guides from the running demo: ``python screenshots/make.py``.

The program runs for real, on the simulator, in a terminal without a window; what it draws becomes
an SVG, and a headless Chromium the PNG. Needs Chromium and the fonts Fira Code and Noto.

The SVG is the same to the byte in each run (``standing_time``), but for the picture of the team,
whose colleagues and PostgreSQL keep the time of the machine. PNG are kept, since they need no font
of the reader's; they are the same as far as Chromium and the fonts are.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from time import sleep

from PIL import Image, ImageDraw
from textual.pilot import Pilot

from groqchat.bootstrap import Launch, LocalServices
from groqchat.cli.main import main as run_command
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import Plan
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from groqchat.ui.app import GroqchatApp
from groqchat.ui.chat.opening import Opening
from screenshots.printed import PRINTED, printed
from screenshots.report import report_page
from screenshots.settings import keymap, own_settings, settings
from screenshots.standing_time import entered, in_standing_time
from screenshots.team import team

FOLDER = Path(__file__).parent
# Prints samples as a recorder does, a twentieth of a second at a time, for some seconds.
_RECORDED_S = 4.0
_RECORDS = f"""
import array, math, sys, time
for _ in range({_RECORDED_S * 20:.0f}):
    tone = (int(9_000 * math.sin(n / 7)) for n in range(800))
    sys.stdout.buffer.write(array.array("h", tone).tobytes())
    sys.stdout.buffer.flush()
time.sleep(600)
"""
# Chromium now and then takes rows of its window for itself.
_BARS = 200
Scene = Callable[[Pilot[str]], Awaitable[None]]


async def wait(pilot: Pilot[str], condition: Callable[[], object]) -> None:
    """Wait until something is so, at most half a minute."""
    for _ in range(600):
        if condition():
            await pilot.pause(0.3)
            return
        await pilot.pause(0.05)
    raise SystemExit("the picture's condition never came true")


async def heard(condition: Callable[[], object]) -> None:
    """Wait for another program, at most half a minute, while the time of the picture stands."""
    for _ in range(3_000):
        if condition():
            return
        sleep(0.01)  # noqa: ASYNC251  # a wait of the loop would let its time pass
        await asyncio.sleep(0)
    raise SystemExit("the program for the picture is not heard")


async def ask(pilot: Pilot[str], text: str) -> None:
    """Ask, and wait for the answer."""
    screen = pilot.app.screen
    before = screen.workspace.figures.last_turn
    screen.composer.text = text
    await pilot.press("enter")
    await wait(pilot, lambda: screen.workspace.figures.last_turn is not before)


def used_by_others(pilot: Pilot[str], kind: LimitKind, amount: int) -> None:
    """Use up a part of a limit, as another program with the same key would."""
    pretend = pilot.app.screen.workspace.services._simulator.simulator
    pretend.spend("openai/gpt-oss-120b", kind, amount)


async def chat(pilot: Pilot[str]) -> None:
    """Two answers, the panel and the meter."""
    await ask(pilot, "Write a haiku about limits")
    await ask(pilot, "Compare RPM, RPD, TPM and TPD in a table")


async def error(pilot: Pilot[str]) -> None:
    """A refusal with its remedies."""
    await ask(pilot, "Count the words of a book in Python")
    screen = pilot.app.screen
    used_by_others(pilot, LimitKind.TPD, 199_150)
    screen.composer.text = "And without the title page?"
    await pilot.press("enter")
    await wait(pilot, lambda: len(list(screen.chat.reporter.log)))


async def pressure(pilot: Pilot[str]) -> None:
    """A limit of which too little is left, and a prompt that waits for it."""
    screen = pilot.app.screen
    for prompt in ("write 2000 tokens", "write 2400 tokens"):
        await ask(pilot, prompt)
    screen.composer.text = "write 3000 tokens about the limits of a minute"
    await pilot.press("enter")
    await pilot.pause(1)


async def light(pilot: Pilot[str]) -> None:
    """A chat in the light theme."""
    pilot.app.screen.composer.text = "/theme groq-light"
    await pilot.press("enter")
    await wait(pilot, lambda: pilot.app.theme == "groq-light")
    await chat(pilot)


async def narrow(pilot: Pilot[str]) -> None:
    """A small window: one line sums up the limits."""
    await ask(pilot, "Explain rate limits")


async def models(pilot: Pilot[str]) -> None:
    """The model picker."""
    await ask(pilot, "Hello")
    await pilot.press("ctrl+l")
    await wait(pilot, lambda: type(pilot.app.screen).__name__ == "ModelPicker")


async def compare(pilot: Pilot[str]) -> None:
    """Three models at the same prompt."""
    await ask(pilot, "Hello")
    names = "openai/gpt-oss-120b openai/gpt-oss-20b qwen/qwen3.8-27b"
    pilot.app.screen.composer.text = f"/compare {names}"
    await pilot.press("enter")
    await wait(pilot, lambda: type(pilot.app.screen).__name__ == "CompareScreen")
    for key in "Write a haiku about speed":
        await pilot.press("space" if key == " " else key)
    await pilot.press("enter")
    await pilot.pause(1)
    await wait(pilot, lambda: not pilot.app.screen.is_busy)
    await pilot.press("tab", "2")
    await pilot.pause(1)


async def variants(pilot: Pilot[str]) -> None:
    """One model three times, by its parameters."""
    pilot.app.screen.composer.text = (
        "/compare 120b effort=low, 120b effort=high, 120b effort=low temperature=0"
    )
    await pilot.press("enter")
    await wait(pilot, lambda: type(pilot.app.screen).__name__ == "CompareScreen")
    pilot.app.screen.prompt.write("Explain rate limits")
    await pilot.press("enter")
    await pilot.pause(1)
    await wait(pilot, lambda: not pilot.app.screen.is_busy)
    await pilot.press("tab")
    await pilot.pause(1)


async def batches(pilot: Pilot[str]) -> None:
    """Batches of several states, one of them under way."""
    pilot.app.screen.composer.text = "/batches"
    await pilot.press("enter")
    await wait(pilot, lambda: type(pilot.app.screen).__name__ == "BatchScreen")
    await pilot.pause(3)


async def talk(pilot: Pilot[str]) -> None:
    """A recording, with its length and level."""
    await ask(pilot, "Which limits count seconds of sound?")
    screen = pilot.app.screen
    screen.composer.text = "Answer what I say now: "
    await pilot.press("f9")
    recorder = screen.chat.composing.talk
    await heard(lambda: recorder._recording and recorder._recording.length_s >= _RECORDED_S)
    await pilot.pause(1)


async def servers(pilot: Pilot[str]) -> None:
    """MCP servers, one of them switched on."""
    pilot.app.screen.composer.text = "/mcp"
    await pilot.press("enter")
    await wait(pilot, lambda: type(pilot.app.screen).__name__ == "ServerScreen")
    options = pilot.app.screen_stack[0].workspace
    await pilot.press("enter")
    await wait(pilot, lambda: options.options.tools)
    await pilot.pause(0.5)


async def structured(pilot: Pilot[str]) -> None:
    """An answer in JSON, by a schema, with a part of it folded."""
    screen = pilot.app.screen
    screen.composer.text = (
        "/schema title, steps {name, minutes int, needs str[]}[], level easy|hard"
    )
    await pilot.press("enter")
    await wait(pilot, lambda: screen.workspace.options.schema)
    await ask(pilot, "How do I bake bread?")
    screen.conversation.transcript.focus()
    await pilot.press("right", "right", "right", "right", "enter")
    await pilot.pause(0.5)


async def tools(pilot: Pilot[str]) -> None:
    """Two tools in one turn: one has run, the other waits for approval."""
    screen = pilot.app.screen
    screen.composer.text = "/tools demo"
    await pilot.press("enter")
    await wait(pilot, lambda: screen.workspace.options.tools)
    screen.composer.text = "What is the current time in Asia/Tokyo? And count the words."
    await pilot.press("enter")
    await wait(pilot, lambda: "current_time" in _asked(pilot))
    await pilot.press("f8", "o")
    await wait(pilot, lambda: "count_words" in _asked(pilot))
    await pilot.press("f8")
    await pilot.pause(0.5)


async def image(pilot: Pilot[str]) -> None:
    """A prompt with an image and its answer, and the next one, not sent yet."""
    screen = pilot.app.screen
    screen.composer.text = "/model qwen/qwen3.8-27b"
    await pilot.press("enter")
    await wait(pilot, lambda: "qwen" in screen.workspace.options.model)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "dusk.png"
        _paint(file)
        await screen.chat.composing.attach_file(str(file))
    mark = screen.composer.text
    await ask(pilot, f"What is in this picture?\n\n{mark}")
    screen.composer.text = f"And what time of day is it there?\n\n{mark}"
    await pilot.pause(0.5)


async def viewer(pilot: Pilot[str]) -> None:
    """The image of a prompt, in its window."""
    await image(pilot)
    await pilot.press("f4")
    await wait(pilot, lambda: type(pilot.app.screen).__name__ == "ImageViewer")
    await pilot.pause(1)


def _paint(file: Path) -> None:
    """A picture of the sun over the sea."""
    wide, high, water = 480, 270, 180
    picture = Image.new("RGB", (wide, high))
    pen = ImageDraw.Draw(picture)
    for y in range(high):
        part = y / water if y < water else (y - water) / (high - water)
        sky = (40 + int(210 * part), 50 + int(80 * part), 120 - int(50 * part))
        sea = (120 - int(100 * part), 70 - int(40 * part), 90 - int(20 * part))
        pen.line((0, y, wide, y), fill=sky if y < water else sea)
    pen.pieslice((180, 120, 300, 240), 180, 360, fill=(255, 220, 120))
    for step in range(9):
        half = 60 - 6 * step
        pen.line((240 - half, water + 8 * step, 240 + half, water + 8 * step), (255, 200, 120), 3)
    picture.save(file)


def _asked(pilot: Pilot[str]) -> str:
    """The tool whose call waits for approval."""
    turn = pilot.app.screen.conversation.turn
    return turn.approval.tool.name if turn and turn.approval else ""


@contextmanager
def tool_servers() -> Iterator[None]:
    """Settings with two MCP servers; a script runs the real one in the place of uvx."""
    settings = Path(os.environ["GROQCHAT_HOME"]) / "config.toml"
    settings.write_text(
        '[mcp.time]\ncommand = ["uvx", "mcp-server-time"]\nenv = ["TZ"]\n'
        '[mcp.docs]\nurl = "https://docs.example.org/mcp"\n'
    )
    with BackgroundSimulator(load_catalog(), Options()) as running:
        os.environ |= {"GROQ_BASE_URL": running.url, "GROQ_API_KEY": "gsk_test_0123456789abcdef"}
        try:
            with program("uvx", "#!/bin/sh\nexec " + f'"{sys.executable}" -m mcp_server_time\n'):
                yield
        finally:
            settings.unlink()
            del os.environ["GROQ_BASE_URL"], os.environ["GROQ_API_KEY"]


@contextmanager
def paid_plan() -> Iterator[None]:
    """A pretend Groq of the developer plan, with batches that were submitted there."""
    with (
        BackgroundSimulator(load_catalog(), Options(Plan.DEVELOPER)) as running,
        tempfile.TemporaryDirectory() as folder,
    ):
        os.environ |= {"GROQ_BASE_URL": running.url, "GROQ_API_KEY": "gsk_test_0123456789abcdef"}
        clock = running.simulator._state.clock
        running.simulator.arm("batch_failed=5*1@batches")
        for name, number, later_s in (
            ("reviews.txt", 1_200, 300),
            ("titles.txt", 60, 20),
            ("chapters.txt", 400, 40),
        ):
            lines = [f"Sum up part {part} of {name} in a sentence." for part in range(number)]
            file = Path(folder) / name
            file.write_text("\n".join(lines))
            run_command(["batch", "submit", str(file), "-m", "openai/gpt-oss-20b"])
            clock.advance(later_s)
        try:
            yield
        finally:
            del os.environ["GROQ_BASE_URL"], os.environ["GROQ_API_KEY"]


@contextmanager
def microphone() -> Iterator[None]:
    """A script in the place of a recorder: a voice, as far as its level goes."""
    with program("arecord", f"#!{sys.executable}\n{_RECORDS}"):
        yield


@contextmanager
def program(name: str, script: str) -> Iterator[None]:
    """A script that is found before every program of its name."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / name
        file.write_text(script)
        file.chmod(0o755)
        path = os.environ["PATH"]
        os.environ["PATH"] = f"{folder}{os.pathsep}{path}"
        try:
            yield
        finally:
            os.environ["PATH"] = path


SCENES: dict[str, tuple[Scene, tuple[int, int], Callable[[], AbstractContextManager[None]]]] = {
    "chat": (chat, (132, 40), nullcontext),
    "error": (error, (100, 30), nullcontext),
    "pressure": (pressure, (120, 36), nullcontext),
    "light": (light, (120, 34), nullcontext),
    "narrow": (narrow, (80, 24), nullcontext),
    "smallest": (narrow, (40, 12), nullcontext),
    "models": (models, (120, 34), nullcontext),
    "compare": (compare, (132, 36), nullcontext),
    "variants": (variants, (132, 36), nullcontext),
    "batches": (batches, (120, 30), paid_plan),
    "talk": (talk, (100, 30), microphone),
    "structured": (structured, (100, 30), nullcontext),
    "servers": (servers, (110, 24), tool_servers),
    "tools": (tools, (110, 30), nullcontext),
    "image": (image, (110, 38), nullcontext),
    "viewer": (viewer, (110, 30), nullcontext),
    "settings": (settings, (110, 34), own_settings),
    "keymap": (keymap, (100, 26), own_settings),
    "team": (chat, (120, 34), team),
}


# Colleagues that are processes, and PostgreSQL.
_IN_REAL_TIME = {"team"}
PAGES = {"report": (report_page, 1_100, 1_138)}


def drawn(name: str) -> str:
    """Play a scene and return what the terminal shows, as SVG: the same in each run."""
    scene, size, context = SCENES[name]

    if name in _IN_REAL_TIME:
        with context():
            return asyncio.run(_play(scene, size))

    async def draw() -> str:
        async with entered(context()):
            return await _play(scene, size)

    return in_standing_time(draw)


async def _play(scene: Scene, size: tuple[int, int]) -> str:
    launch = Launch(demo="GROQ_BASE_URL" not in os.environ)
    app = GroqchatApp(lambda: LocalServices(launch), Opening())
    async with app.run_test(size=size) as pilot:
        await wait(pilot, lambda: app.screen.connection)
        app.screen.composer.area.cursor_blink = False
        await scene(pilot)
        return app.export_screenshot(title="groqchat")


def photograph(svg: str, png: Path) -> None:
    """Turn an SVG into a PNG of the same size, twice as fine; no web font is fetched."""
    svg = re.sub(r"@font-face\s*{[^}]*}", "", svg)
    width, height = (
        round(float(side)) for side in re.search(r'viewBox="0 0 (\S+) (\S+)"', svg).groups()
    )
    style = "margin:0;background:#0000"
    shoot(f'<meta charset="utf-8"><body style="{style}">{svg}', png, width, height)


def shoot(page: str, png: Path, width: int, height: int) -> None:
    """Make a PNG of the upper part of an HTML page."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "picture.html"
        source.write_text(page, "utf-8")
        subprocess.run(
            [
                shutil.which("chromium") or "chromium-browser",
                *("--headless=new", "--no-sandbox", "--hide-scrollbars", "--disable-gpu"),
                *("--disable-background-networking", "--default-background-color=00000000"),
                *(f"--user-data-dir={folder}/profile", f"--window-size={width},{height + _BARS}"),
                f"--screenshot={png}",
                source.as_uri(),
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )
    with Image.open(png) as whole:
        whole.crop((0, 0, width, height)).save(png)


def main() -> None:
    """Make all pictures, or those named."""
    os.environ |= {"GROQCHAT_HOME": tempfile.mkdtemp(), "COLORTERM": "truecolor", "TERM": "xterm"}
    for name in sys.argv[1:] or (*SCENES, *PAGES, *PRINTED):
        if name in PRINTED:
            photograph(printed(name), FOLDER / f"{name}.png")
            print(f"{name}.png")
            continue
        if name in PAGES:
            page, width, height = PAGES[name]
            shoot(page(), FOLDER / f"{name}.png", width, height)
            print(f"{name}.png")
            continue
        photograph(drawn(name), FOLDER / f"{name}.png")
        print(f"{name}.png")


if __name__ == "__main__":
    main()
