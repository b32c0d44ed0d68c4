"""A request leaves before its prompt is shown, and the prompt is shown all the same."""

import asyncio
from types import SimpleNamespace

import pytest

from groqchat.bootstrap import Launch, LocalServices
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Delta,
    PromptStored,
    QuotaSeen,
    ReasoningDelta,
    Sending,
)
from groqchat.provider.client import Client
from groqchat.provider.groq_provider import GroqProvider
from groqchat.ui.conversation import deferred_updates
from groqchat.ui.conversation.deferred_updates import DeferredUpdates
from groqchat.ui.conversation.turn_view import TurnView
from groqchat.ui.transcript.view import Transcript
from tests.ui.stage import groqchat, held, seen, until


@pytest.fixture
def never(monkeypatch):
    """Nothing is done because time has passed."""
    monkeypatch.setattr(deferred_updates, "LEAVES_S", 3_600.0)


async def test_work_is_done_in_order_and_once(never):
    deferred, done = DeferredUpdates(SimpleNamespace(call_later=None)), []
    deferred.keep(lambda: done.append(1))
    deferred.keep(lambda: done.append(2))
    await asyncio.sleep(0)
    assert done == []
    deferred.catch_up()
    deferred.catch_up()
    assert done == [1, 2]


async def test_work_is_done_a_moment_later_by_itself(monkeypatch):
    monkeypatch.setattr(deferred_updates, "LEAVES_S", 0.0)
    handed = asyncio.Event()
    deferred, done = (
        DeferredUpdates(SimpleNamespace(call_later=lambda work: (work(), handed.set()))),
        [],
    )
    deferred.keep(lambda: done.append(1))
    await handed.wait()
    assert done == [1]


async def test_a_request_is_on_its_way_before_its_prompt_is_shown(monkeypatch, never):
    shown = []
    stream = GroqProvider.stream

    def noted(self, request):
        shown.append(("sent", app.screen.query_one(Transcript).entries[:]))
        return stream(self, request)

    monkeypatch.setattr(GroqProvider, "stream", noted)
    app = groqchat(LocalServices(Launch(demo=True)))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.screen.connection)
        await pilot.press(*"Why?", "enter")
        await until(pilot, lambda: shown)
        assert list(shown[0][1]) == []
        await until(pilot, lambda: len(app.screen.query_one(Transcript).entries) == 2)
        await until(pilot, lambda: app.screen.composer.text == "")
        await pilot.press("escape")


async def test_a_prompt_is_shown_with_the_text_of_an_answer_that_comes_at_once(monkeypatch, never):
    heard, shown = [], []
    hear, show = TurnView.hear, TurnView._show

    def noted(view, event):
        heard.append(type(event))
        hear(view, event)

    def showing(view, event):
        shown.append((type(event), heard[-1]))
        show(view, event)

    monkeypatch.setattr(TurnView, "hear", noted)
    monkeypatch.setattr(TurnView, "_show", showing)
    app = groqchat(LocalServices(Launch(demo=True)))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.screen.connection)
        await pilot.press(*"Why?", "enter")
        await until(pilot, lambda: Answered in heard)
    first = shown[0][1]
    assert first in {Delta, ReasoningDelta}
    before = [PromptStored, Sending, QuotaSeen, AnswerStarted]
    assert shown[:5] == [(each, first) for each in [*before, first]]


async def test_a_prompt_is_shown_while_its_request_is_not_answered(monkeypatch):
    released = held(monkeypatch, Client, "post_chat")
    app = groqchat(LocalServices(Launch(demo=True)))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.screen.connection)
        await pilot.press(*"Why?", "enter")
        await until(pilot, lambda: "Why?" in seen(app.screen) and app.screen.composer.text == "")
        await pilot.press("escape")
        released.set()


async def test_a_turn_that_is_stopped_at_once_leaves_the_prompt_in_the_composer(monkeypatch, never):
    held(monkeypatch, Client, "post_chat")
    app = groqchat(LocalServices(Launch(demo=True)))
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.screen.connection)
        await pilot.press(*"Why?", "enter")
        await until(pilot, lambda: app.screen.is_busy)
        await app.screen.conversation.stop()
        await until(pilot, lambda: app.screen.conversation.branch.unanswered)
        await pilot.pause()
        assert app.screen.composer.text == "Why?"
