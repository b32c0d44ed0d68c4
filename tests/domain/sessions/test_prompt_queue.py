"""What is next in a queue of prompts, and what makes it wait."""

import pytest

from groqchat.domain.sessions.prompt_queue import Pause, PromptQueue, QueuedPrompt

A, B = (QueuedPrompt(text, "s1", text, 1.0) for text in "ab")


def test_the_first_prompt_is_next_and_the_last_one_is_taken_back():
    queue = PromptQueue().holding([A, B])
    assert (queue.next, queue.last) == (A, B)
    assert (PromptQueue().next, PromptQueue().last) == (None, None)


@pytest.mark.parametrize("why", Pause)
def test_nothing_is_next_while_a_queue_is_paused(why):
    paused = PromptQueue((A, B)).paused(why)
    assert (paused.next, paused.last, paused.pause) == (None, B, why)
    assert paused.going_on().next == A


def test_an_empty_queue_is_never_paused():
    assert PromptQueue().paused(Pause.STOPPED) == PromptQueue()
    assert PromptQueue((A,), Pause.FAILED).holding(()).pause is None


def test_a_pause_ends_with_its_own_reason():
    failed = PromptQueue((A,), Pause.FAILED)
    assert failed.going_on(Pause.EDITED) == failed
    assert failed.going_on(Pause.EDITED, Pause.FAILED).next == A


def test_editing_does_not_hide_what_a_queue_waits_for():
    stopped = PromptQueue((A,), Pause.STOPPED)
    assert stopped.paused(Pause.EDITED).pause is Pause.STOPPED
    assert PromptQueue((A,), Pause.EDITED).paused(Pause.FAILED).pause is Pause.FAILED
