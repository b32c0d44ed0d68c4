"""Images of prompts as small pictures below the text: drawn when in sight, folded, clicked."""

from rich.color import Color

from groqchat.domain.turns.chat import Message, Role
from groqchat.ui.transcript.messages import entry_of
from groqchat.ui.transcript.picture_lines import PictureLines
from groqchat.ui.transcript.view import Transcript
from groqchat.ui.widgets.text import KeyHint
from tests.images import image
from tests.ui.transcript.test_transcript import Stage, asked, seen, until

RED, BLUE = (255, 0, 0), (0, 0, 255)
IMAGES = image("a.png"), image("b.png", 1)
PROMPT = Message("p", "s", None, Role.USER, f"Look\n\n{IMAGES[0].mark} {IMAGES[1].mark}", 1.0)


def test_pictures_stand_side_by_side_as_far_as_there_is_room():
    pictures = [[[RED] * 3] * 4, [[BLUE] * 2] * 3, []]
    wide = PictureLines(pictures, 7)
    assert [line.text for line in wide.lines] == ["▀▀▀  ▀▀", "▀▀▀  ▀▀"]
    narrow = PictureLines(pictures, 6)
    assert [line.text for line in narrow.lines] == ["▀▀▀", "▀▀▀", "▀▀", "▀▀"]
    assert [narrow.picture_at(row, 0) for row in range(5)] == [0, 0, 1, 1, None]
    assert [wide.picture_at(1, cell) for cell in (0, 2, 3, 4, 5, 6, 7)] == [
        0, 0, None, None, 1, 1, None,
    ]  # fmt: skip
    assert "".join(line.copied() for line in wide.lines) == ""


class PictureStage(Stage):
    """Draws a red and a blue picture for each prompt with images."""

    def on_mount(self):
        self.drawn = []
        self.transcript.draw = self.draw
        super().on_mount()

    async def draw(self, images):
        self.drawn.append([each.digest for each in images])
        return [[[RED] * 3] * 3, [[BLUE] * 2] * 4]

    on_transcript_images_asked = Stage.on_transcript_wanted


async def test_they_are_drawn_once_in_sight_folded_by_a_key_and_opened_by_a_click():
    app = PictureStage([entry_of(PROMPT)])
    async with app.run_test(size=(60, 14)) as pilot:
        transcript = app.transcript
        await until(pilot, lambda: any("▀▀▀  ▀▀" in row for row in seen(transcript)))
        y = next(y for y, row in enumerate(seen(transcript)) if "▀▀▀  ▀▀" in row)
        styles = [part.style for part in transcript.render_line(y + 1) if "▀" in part.text]
        assert [style.color for style in styles] == [Color.from_rgb(*RED), Color.from_rgb(*BLUE)]
        assert styles[1].bgcolor == Color.from_rgb(*BLUE)
        assert styles[0].bgcolor != Color.from_rgb(*RED), "three rows are one and a half of cells"
        await pilot.click(Transcript, offset=(8, y))
        await until(pilot, lambda: asked(app, Transcript.ImagesAsked))
        assert asked(app, Transcript.ImagesAsked)[0].words == IMAGES[1].words
        transcript.focus()
        await pilot.pause()
        assert KeyHint("Enter", "fold image") in transcript.hints()
        await pilot.press("enter")
        assert not any("▀" in row for row in seen(transcript))
        await pilot.press("enter")
        assert sum("▀" in row for row in seen(transcript)) == 2
    assert app.drawn == [[each.digest for each in IMAGES]]
