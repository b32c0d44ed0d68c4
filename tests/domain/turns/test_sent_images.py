"""The images that a request holds, and the words for the others."""

from groqchat.domain.models.catalog import Model
from groqchat.domain.models.vision import image_problem
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.request import RequestMessage
from groqchat.domain.turns.sent_images import with_bytes, with_newest_images
from groqchat.domain.turns.tokens import TokenEstimator
from tests.images import image

IMAGES = [image(f"{number}.png", number) for number in range(4)]
SEEING = Model("m/eyes", abilities=("vision",))


def _prompts():
    texts = [f"Look {IMAGES[0].mark} {IMAGES[1].mark}", "So?", IMAGES[2].mark, IMAGES[3].mark]
    return [RequestMessage.prompt(text) for text in texts]


def test_the_newest_images_are_sent_and_words_stand_for_older_ones():
    sent = with_newest_images(_prompts(), 3)
    assert [[each.name for each in message.images] for message in sent] == [
        ["1.png"], [], ["2.png"], ["3.png"]
    ]  # fmt: skip
    assert sent[0].content == "Look\n[image 0.png: not sent any more]"
    unseen = with_newest_images(_prompts(), 0)
    assert not any(message.images for message in unseen)
    assert unseen[3].content == "[image 3.png: not sent]"


def test_images_go_with_their_bytes_as_parts_and_lost_ones_as_words():
    sent = with_bytes(_prompts()[2:], {IMAGES[2].digest: IMAGES[2]})
    url = {"url": IMAGES[2].data_url}
    assert sent[0].as_json["content"] == [{"type": "image_url", "image_url": url}]
    assert sent[1].as_json["content"] == "[image 3.png: not kept here]"
    asked = with_bytes(
        [RequestMessage.prompt(f"Hi {IMAGES[2].mark}")], {IMAGES[2].digest: IMAGES[2]}
    )
    assert asked[0].as_json["content"][0] == {"type": "text", "text": "Hi"}


def test_an_image_counts_as_2048_tokens_wherever_a_prompt_is_measured():
    estimator, text = TokenEstimator(), f"Look\n\n{IMAGES[0].mark}"
    bare = estimator.message(Role.USER, "Look").tokens
    assert estimator.message(Role.USER, text).tokens == bare + 2_048
    assert estimator.of(RequestMessage.prompt(text)).tokens == bare + 2_048
    assert estimator.message(Role.ASSISTANT, text).tokens < 2_048


def test_what_cannot_be_sent_is_said_with_a_remedy():
    three = " ".join(each.mark for each in IMAGES[:3])
    assert image_problem(three, SEEING) == ""
    assert image_problem("text", Model("m/blind")) == ""
    assert image_problem(three, Model("m/blind")) == (
        "m/blind does not see images: /model vision lists what sees."
    )
    assert image_problem(three, Model("anything"), "ollama") == ""
    assert image_problem(f"{three} {IMAGES[3].mark}", SEEING) == (
        "The prompt has 4 images; one request takes 3: remove the others."
    )
