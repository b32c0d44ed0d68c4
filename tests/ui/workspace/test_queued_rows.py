"""The sizes of queued prompts: of each request, and against what those before it leave."""

from dataclasses import replace
from types import SimpleNamespace

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source, quota_view
from groqchat.domain.sessions.prompt_queue import PromptQueue, QueuedPrompt
from groqchat.ui.widgets.prompt_queue import Fit, QueuedRow
from groqchat.ui.workspace.queued_rows import QueuedRows, room_of


class Preview:
    """A request of 100 tokens before its prompt, of which each letter is one."""

    def __init__(self, compaction=None):
        self.measured, self.options = [], SimpleNamespace(compaction=compaction)

    def request(self, text):
        self.measured.append(text)
        return SimpleNamespace(prompt_tokens=100 + len(text))


def _queue(*texts):
    return PromptQueue(tuple(QueuedPrompt(text, "s1", text, 1.0) for text in texts))


def _view(used):
    bucket = LeakyBucket(LimitKind.TPM, 1_000, used, 0.0, Source.HEADER)
    return quota_view("m", (bucket,), 0.0, plan=None, plan_inferred=False, tokens_per_turn=1)


def test_each_prompt_has_to_fit_what_those_before_it_leave():
    queue = _queue("a" * 200, "b" * 300, "c" * 900)
    rows = QueuedRows().of(queue, Preview(), _view(400))
    assert [(row.tokens, row.fit) for row in rows] == [
        (300, Fit.NOW), (400, Fit.LATER), (1_000, Fit.LATER)
    ]  # fmt: skip
    assert QueuedRows().of(_queue("d" * 901), Preview(), _view(0))[0].fit is Fit.NEVER
    compacted = QueuedRows().of(_queue("d" * 901), Preview("oldest"), _view(0))
    assert compacted[0].fit is Fit.COMPACTED
    assert room_of(_view(400)) == "TPM 600 left"


def test_what_is_set_aside_for_an_answer_counts_as_left():
    answering = replace(_view(1_000), reserved={LimitKind.TPM: 700})
    rows = QueuedRows().of(_queue("a" * 500, "b"), Preview(), answering)
    assert [row.fit for row in rows] == [Fit.NOW, Fit.LATER]
    assert room_of(answering) == "TPM 0 left, 700 reserved for answers"


def test_no_more_is_left_and_reserved_than_the_limit():
    """A bucket refills while an answer holds its reserve."""
    view = replace(_view(600), reserved={LimitKind.TPM: 800})
    assert room_of(view) == "TPM 400 left, 600 reserved for answers"
    assert [row.fit for row in QueuedRows().of(_queue("a" * 900, "b"), Preview(), view)] == [
        Fit.NOW, Fit.LATER
    ]  # fmt: skip


def test_a_prompt_is_measured_once_as_long_as_nothing_before_it_changes():
    rows, preview = QueuedRows(), Preview()
    for _ in range(3):
        rows.of(_queue("a", "b"), preview, None)
    assert preview.measured == ["a", "b"]
    assert rows.of(_queue("a"), Preview(), None) == [QueuedRow("a", 101)]


def test_what_is_not_known_is_not_said():
    assert QueuedRows().of(_queue("a"), None, None) == [QueuedRow("a")]
    unknown = quota_view("m", (), 0.0, plan=None, plan_inferred=False, tokens_per_turn=1)
    assert (room_of(None), room_of(unknown)) == ("", "")
