"""Which images of prompts are drawn, and how large."""

from types import SimpleNamespace

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.images.image import Image
from groqchat.ui.conversation.thumbnails import Thumbnails
from tests.images import image, png

BROKEN = Image.of("broken.png", "image/png", 4, 3, png()[:-30])
LARGE = Image.of("large.png", "image/png", 200, 400, png(200, 400, 7))


class Store:
    def __init__(self):
        self.asked = []

    async def images(self, digests):
        self.asked.append(list(digests))
        kept = {each.digest: each for each in (image(), BROKEN, LARGE)}
        return {digest: kept[digest] for digest in digests if digest in kept}


def terminal(system="truecolor", *, height=40, no_color=False):
    app = SimpleNamespace(
        console=SimpleNamespace(color_system=system),
        size=SimpleNamespace(height=height),
        no_color=no_color,
    )
    return lambda: app


async def test_each_is_read_once_and_what_cannot_be_shown_is_empty():
    store = Store()
    small = Thumbnails(store, terminal(), is_on=True)
    lost = image("lost.png", 99)
    first, broken, missing = await small.draw([image(), BROKEN, lost, LARGE])
    assert first == [[(0, 0, 0)] * 4] * 3
    assert (len(broken), len(missing)) == (0, 0)
    assert await small.draw([image()]) == [first]
    assert store.asked == [[image().digest, BROKEN.digest, lost.digest]]


@pytest.mark.parametrize(("height", "rows"), [(40, 8), (24, 6), (12, 3)])
async def test_a_low_window_leaves_room_for_the_text(height, rows):
    (pixels,) = await Thumbnails(Store(), terminal(height=height), is_on=True).draw([LARGE])
    assert (len(pixels), len(pixels[0])) == (2 * rows, rows)


@pytest.mark.parametrize(
    ("where", "is_on"),
    [
        (terminal(), False),
        (terminal("256"), True),
        (terminal(None), True),
        (terminal(no_color=True), True),
        (terminal(height=2), True),
    ],
)
async def test_nothing_is_read_where_nothing_is_drawn(where, is_on):
    store = Store()
    assert await Thumbnails(store, where, is_on=is_on).draw([image()]) == ()
    assert store.asked == []


async def test_a_store_that_cannot_be_read_leaves_the_names():
    async def fail(_):
        raise failure("disk")

    store = Store()
    store.images = fail
    assert await Thumbnails(store, terminal(), is_on=True).draw([image()]) == ()
