"""Images as the pretend Groq takes and refuses them."""

import pytest

from groqchat.domain.models.catalog import Model
from groqchat.simulator.exchange import RefusedError
from groqchat.simulator.images.validation import check_images, seen
from tests.images import image

EYES = Model("m/eyes", abilities=("vision",))


def _asked(*urls):
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    return [{"role": "user", "content": [{"type": "text", "text": "Look"}, *parts]}]


@pytest.mark.parametrize(
    ("model", "urls", "words"),
    [
        (Model("m/blind"), [image().data_url], b"messages[0].content must be a string"),
        (EYES, [image().data_url] * 4, b"up to 3 images"),
        (EYES, ["data:image/png;base64,AAAA"], b"failed to decode image"),
        (EYES, ["file:///etc/passwd"], b"invalid image url"),
        (EYES, [image().data_url.replace("base64,", "base64,!")], b"failed to decode image"),
    ],
)
def test_images_are_refused(model, urls, words):
    with pytest.raises(RefusedError) as refused:
        check_images(_asked(*urls), model)
    assert refused.value.reply.status == 400
    assert words in refused.value.reply.body


def test_three_images_and_addresses_are_taken():
    three = _asked(image().data_url, "https://example.com/a.png", image().data_url)
    assert check_images(three, EYES) == 3
    assert check_images([{"role": "user", "content": "Look"}], Model("m/blind")) == 0
    assert seen(3) == "I was sent 3 images, and looked at none.\n\n"
