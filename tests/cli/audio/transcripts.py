"""What has to be true of the transcript of a known speech."""

import pytest

from tests.media.speech import plain


def assert_whole(told, speech, listener):
    """Every word once and in its order, its time right to 0.1 s, and what was sent billed."""
    script = [word.text for word in speech.words]
    assert plain(told["text"]) == script
    assert [word["word"] for word in told["words"]] == script
    for heard, word in zip(told["words"], speech.words, strict=True):
        assert heard["start"] == pytest.approx(word.start, abs=0.1)
        assert heard["end"] == pytest.approx(word.end, abs=0.1)
    assert plain(" ".join(part["text"] for part in told["segments"])) == script
    assert told["duration_s"] == pytest.approx(speech.length, abs=0.1)
    billed = sum(max(10.0, end - start) for start, end in listener.heard)
    assert told["billed_s"] == pytest.approx(billed, abs=0.01 * len(listener.heard) + 0.01)
