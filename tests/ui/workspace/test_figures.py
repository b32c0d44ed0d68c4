"""The figures of a turn are new all at once, and never beside those of the turn before."""

from groqchat.ui.widgets.cost_meter import CostMeter
from groqchat.ui.widgets.quota_panel import QuotaPanel
from tests.ui.chat.test_chat_screen import PROMPT, ask, chatting
from tests.ui.stage import held, until


def levels(screen):
    """What is left on the panel, without what time alone changes."""
    view = screen.query_one(QuotaPanel)._view
    return [(level.kind, level.limit) for level in view.levels if level.remaining is not None]


async def test_quota_and_costs_of_a_turn_are_shown_together(groq, monkeypatch):
    monkeypatch.setattr("groqchat.ui.workspace.figures.QUOTA_DELAY_S", 3_600.0)
    async with chatting(size=(150, 40)) as (pilot, screen):
        figures, meter = screen.workspace.figures, screen.query_one(CostMeter)
        await until(pilot, lambda: screen.query_one(QuotaPanel)._view)
        await pilot.pause()
        before, costs = levels(screen), meter._costs
        released = held(monkeypatch, figures.services.ledger, "spent")
        seen_by_costs = []
        show = meter.show

        def shown(costs):
            seen_by_costs.append((costs.session.requests, levels(screen)))
            show(costs)

        monkeypatch.setattr(meter, "show", shown)
        await ask(pilot, screen, PROMPT)
        await until(pilot, lambda: figures.last_turn and not figures.is_answering)
        await pilot.pause()
        meanwhile = levels(screen), meter._costs.session
        released.set()  # before anything can fail: the chat's end waits for it
        assert meanwhile == (before, costs.session)
        await until(pilot, lambda: meter._costs.session.requests == 1)
        after = levels(screen)
        assert after != before
        assert seen_by_costs[-1] == (1, after)


async def test_the_next_request_is_estimated_once_its_session_is_free(groq, monkeypatch):
    async with chatting(size=(150, 40)) as (pilot, screen):
        figures, conversation = screen.workspace.figures, screen.conversation
        released = held(monkeypatch, figures.services.store, "siblings")
        estimates = []
        show = screen.composer.show_estimate

        def shown(parts):
            turn = conversation.turn
            estimates.append(bool(turn) and turn.is_over and turn.is_running)
            show(parts)

        monkeypatch.setattr(screen.composer, "show_estimate", shown)
        screen.composer.text = PROMPT
        await pilot.press("enter")
        await until(pilot, lambda: figures.costs.session.requests == 1)
        await pilot.pause()
        at_end, is_busy = estimates.copy(), conversation.is_busy
        released.set()  # before anything can fail: the chat's end waits for it
        assert is_busy
        assert at_end  # the request itself was estimated
        assert not any(at_end)
        await until(pilot, lambda: len(estimates) > len(at_end))
        assert estimates[-1] is False
