"""Turns in which a model calls tools."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.money.usage import Usage
from groqchat.domain.settings import Budget
from groqchat.domain.tools.bounds import TOOL_BOUNDS, ToolBounds
from groqchat.domain.tools.events import ApprovalAsked, CallStarted, SourceFailed
from groqchat.domain.tools.outcome import Outcome
from groqchat.domain.tools.results import DENIED, NOT_AN_OBJECT
from groqchat.domain.tools.tool import ToolResult
from groqchat.domain.turns.answered_calls import NO_RESULT
from groqchat.domain.turns.chat import (
    Answered,
    Delta,
    Message,
    Options,
    PromptStored,
    Role,
    Sending,
    State,
)
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.domain.turns.request import RequestMessage
from groqchat.domain.turns.token_estimate import estimate_tokens
from tests.fakes import START, FakeProvider, answer
from tests.services.desk import CATALOG, MODEL, Desk
from tests.services.tools.fakes import (
    ALWAYS,
    DENY,
    ONCE,
    SESSION,
    Bench,
    FakeSource,
    Sources,
    call,
    calling,
    changed,
)

NOW, DAY = call("now", '{"zone": "UTC"}', "a"), call("day", "{}", "b")
SPENT = Usage(100, 0, 20)
UNKNOWN = "Not run: no tool is called rm. There are: clock__day, clock__now."


def bench(*scripts, source=None, decisions=(), **more):
    source = source or FakeSource(now="12:00", day="Sunday")
    desk = Desk(FakeProvider(*scripts), **more)
    desk.turns = desk.new_turns(model_of=CATALOG.get)
    made = Bench(desk, Sources(source), list(decisions))
    made.source = source
    return made


def kinds(events):
    return [type(event).__name__ for event in events]


async def test_calls_run_once_approved_and_their_results_are_sent_in_the_next_request():
    made = bench(
        calling(NOW, DAY, usage=SPENT), answer("Noon.", usage=SPENT), decisions=[ONCE, ONCE]
    )
    events = await made.events()
    assert made.source.called == [("now", {"zone": "UTC"}), ("day", {})]
    first, second = made.desk.provider.requests
    assert [each.sent_name for each in first.tools] == ["clock__day", "clock__now"]
    assert second.tools == first.tools
    assert second.messages == (
        RequestMessage(Role.USER, "When?"),
        RequestMessage(Role.ASSISTANT, "", (NOW, DAY)),
        RequestMessage(Role.TOOL, "12:00", call_id="a"),
        RequestMessage(Role.TOOL, "Sunday", call_id="b"),
    )
    prompt, asking, now, day, said = made.messages
    assert [each.parent_id for each in (asking, now, day, said)] == [
        prompt.id, asking.id, now.id, day.id,
    ]  # fmt: skip
    assert (asking.state, asking.calls, asking.finish_reason) == (
        State.COMPLETE, (NOW, DAY), "tool_calls",
    )  # fmt: skip
    assert (now.calls, now.finish_reason) == ((NOW,), Outcome.DONE)
    assert asking.asked_with["tools"].keys() == {"clock__now", "clock__day"}
    assert [entry.outcome for entry in made.desk.ledger.entries] == ["ok", "ok"]
    assert isinstance(events[-1], Answered)
    stored = [event.message.role for event in events if isinstance(event, PromptStored)]
    assert stored == [Role.USER, Role.TOOL, Role.TOOL]


async def test_without_a_source_that_is_switched_on_nothing_is_offered():
    made = bench(answer("Yes."))
    made.options = Options(MODEL, tools=("browser_search", "gone"))
    await made.events()
    (request,) = made.desk.provider.requests
    assert (request.tools, request.built_in) == ((), ("browser_search",))


async def test_a_call_of_a_tool_that_was_not_offered_only_ends_the_answer():
    made = bench(calling(NOW, text=[Delta("So")]))
    made.options = Options(MODEL)
    await made.events()
    (_, said) = made.messages
    assert (said.content, said.state, said.calls) == ("So", State.ENDED, ())


async def test_a_denied_call_is_told_to_the_model_and_nothing_runs():
    made = bench(calling(NOW), answer("Then not."), decisions=[DENY])
    await made.events()
    assert made.source.called == []
    assert made.desk.provider.requests[1].messages[-1].content == DENIED
    assert made.messages[2].finish_reason == Outcome.DENIED


@pytest.mark.parametrize(("word", "asked"), [(ONCE, 3), (SESSION, 1), (ALWAYS, 1)])
async def test_an_approval_lasts_as_long_as_it_was_given_for(word, asked):
    rounds = [calling(NOW), calling(NOW), answer("Noon.")]
    made = bench(*rounds, calling(NOW), answer("Noon."), decisions=[word] * asked)
    events = [*await made.events(), *await made.events(parent_id="x")]
    assert kinds(events).count("ApprovalAsked") == asked
    assert len(made.source.called) == 3
    assert bool(made.approvals.store.kept) is (word is ALWAYS)


@pytest.mark.parametrize("word", [SESSION, ALWAYS])
async def test_no_approval_outlives_a_change_of_its_tool(word):
    made = bench(calling(NOW), answer("x"), calling(NOW), answer("y"), decisions=[word, DENY])
    await made.events()
    changed(made.source)
    events = await made.events()
    assert len(made.source.called) == 1
    asked = next(each for each in events if isinstance(each, ApprovalAsked))
    assert asked.has_changed is (word is ALWAYS)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (call("now", "[1]"), NOT_AN_OBJECT),
        (call("now", "{"), NOT_AN_OBJECT),
        (
            replace(NOW, name="rm"),
            "Not run: no tool is called rm. There are: clock__day, clock__now.",
        ),
    ],
)
async def test_what_cannot_run_is_told_to_the_model_without_a_question(asked, told):
    made = bench(calling(asked), answer("Ah."))
    events = await made.events()
    assert not any(isinstance(event, ApprovalAsked) for event in events)
    assert made.desk.provider.requests[1].messages[-1].content == told
    assert made.source.called == []


@pytest.mark.parametrize("arguments", ["", "null", "{}"])
async def test_a_call_without_arguments_runs(arguments):
    made = bench(calling(call("now", arguments)), answer("x"), decisions=[ONCE])
    await made.events()
    assert made.source.called == [("now", {})]


async def test_what_a_tool_failed_with_is_told_to_the_model():
    source = FakeSource(now=ToolResult("no such zone", is_error=True))
    made = bench(calling(NOW), answer("x"), source=source, decisions=[ONCE])
    await made.events()
    assert made.messages[2].finish_reason == Outcome.FAILED
    assert made.desk.provider.requests[1].messages[-1].content == "no such zone"


async def test_a_long_result_is_cut_to_what_the_limits_leave_and_holds_no_control_characters():
    source = FakeSource(now="\x1b[2Jword " * 20_000)
    made = bench(calling(NOW, usage=SPENT), answer("x"), source=source, decisions=[ONCE])
    await made.events()
    sent = made.desk.provider.requests[1]
    text = sent.messages[-1].content
    assert "\x1b" not in text
    assert text.endswith(" of 99,999 characters]")
    assert 1_000 < sent.prompt_tokens < 3_500


async def test_the_rounds_of_a_turn_are_bounded():
    rounds = TOOL_BOUNDS.rounds
    made = bench(*[calling(NOW)] * (rounds + 1), answer("Enough."), decisions=[SESSION])
    await made.events()
    assert len(made.source.called) == rounds
    told = made.desk.provider.requests[-1].messages[-1].content
    assert told == (
        "Not run: a turn has at most 8 rounds of calls. Answer with what is known so far."
    )


async def test_rounds_and_results_are_as_short_as_the_settings_say():
    source = FakeSource(now="word " * 2_000)
    made = bench(*[calling(NOW)] * 2, answer("Enough."), source=source, decisions=[SESSION])
    made.bounds = ToolBounds(1, 300)
    await made.events()
    assert len(made.source.called) == 1
    cut, refused = (each.content for each in made.messages if each.role is Role.TOOL)
    assert 200 < estimate_tokens(cut) < 330
    assert refused.startswith("Not run: a turn has at most 1 round of calls.")


async def test_a_model_that_calls_on_ends_the_turn():
    made = bench(*[calling(NOW)] * (TOOL_BOUNDS.rounds + 2), decisions=[SESSION])
    with pytest.raises(GroqchatError) as caught:
        await made.events()
    assert caught.value.cause.name == "answer_calls_on"
    assert made.messages[-1].content == TOOL_BOUNDS.refusal


async def test_a_source_that_cannot_be_asked_costs_the_turn_only_its_tools():
    broken = FakeSource("other", error=failure("connection_failed", detail="gone"))
    made = bench(answer("Well."))
    made.sources._sources["other"] = broken
    made.options = Options(MODEL, tools=("other", "clock"))
    events = await made.events()
    assert [event.name for event in events if isinstance(event, SourceFailed)] == ["other"]
    assert len(made.desk.provider.requests[0].tools) == 2


async def test_the_prompt_is_stored_before_sources_are_asked():
    made = bench(answer("x"))
    events = await made.events(until=PromptStored)
    assert kinds(events) == ["PromptStored"]
    assert [each.content for each in made.messages] == ["When?"]


@pytest.mark.parametrize("phase", [Answered, ApprovalAsked, CallStarted])
async def test_a_turn_that_is_stopped_leaves_a_context_that_servers_take(phase):
    source = FakeSource(now=asyncio.Event(), day="Sunday")
    made = bench(calling(NOW, DAY), answer("And?"), source=source, decisions=[ONCE, ONCE])
    await made.events(until=phase)
    assert made.approvals.waiting("s1") is None
    leaf = made.desk.store.saved_sessions["s1"].leaf_id
    made.options = replace(made.options, tools=())
    await made.events("Go on", parent_id=leaf)
    sent = made.desk.provider.requests[-1].messages
    assert sent[2:] == (
        RequestMessage(Role.TOOL, NO_RESULT, call_id="a"),
        RequestMessage(Role.TOOL, NO_RESULT, call_id="b"),
        RequestMessage(Role.USER, "Go on"),
    )


async def test_stopping_ends_a_tool_that_runs_and_keeps_the_results_before():
    source = FakeSource(day="Sunday", now=asyncio.Event())
    made = bench(calling(DAY, NOW), answer("x"), source=source, decisions=[ONCE, ONCE])
    task = asyncio.create_task(made.events())
    await source.reached.wait()
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
    assert source.stopped == ["now"]
    await made.events("Go on", parent_id=made.messages[-1].id)
    contents = [each.content for each in made.desk.provider.requests[-1].messages]
    assert contents == ["When?", "", "Sunday", NO_RESULT, "Go on"]


async def test_a_round_that_fails_can_be_asked_again_from_its_result():
    gone = failure("model_not_found", status=404, model=MODEL)
    made = bench(calling(NOW), [gone], answer("Noon."), decisions=[ONCE])
    with pytest.raises(GroqchatError):
        await made.events()
    events = await made.events(made.messages[-1])
    assert made.desk.provider.requests[2].messages == made.desk.provider.requests[1].messages
    assert events[-1].message.content == "Noon."
    assert len(made.source.called) == 1


async def test_a_budget_is_asked_before_each_request():
    made = bench(
        calling(NOW, usage=Usage(100, 0, 3000)), decisions=[ONCE],
        budget=Budget(session_usd=Decimal("0.0015")),
    )  # fmt: skip
    with pytest.raises(GroqchatError) as caught:
        await made.events()
    assert caught.value.kind.value == "over_budget"
    assert len(made.desk.provider.requests) == 1
    assert made.messages[-1].role is Role.TOOL


async def test_a_turn_that_may_pass_the_budget_passes_it_in_all_its_rounds():
    dear = Usage(100, 0, 3000)
    made = bench(
        calling(NOW, usage=dear), calling(NOW, usage=dear), answer("Noon.", usage=dear),
        decisions=[SESSION], budget=Budget(session_usd=Decimal("0.0001")),
    )  # fmt: skip
    made.desk.turns._budget.allow_once()
    await made.events()
    assert len(made.desk.provider.requests) == 3
    with pytest.raises(GroqchatError):  # it was the turn's alone
        await made.events("Again?")
    assert len(made.desk.provider.requests) == 3


async def test_a_preview_counts_the_tools_that_were_learnt():
    made = bench()
    before = (await made.turns.preview(None, made.options)).request("When?")
    await made.turns.learn_tools(made.options)
    after = (await made.turns.preview(None, made.options)).request("When?")
    assert after.prompt_tokens > before.prompt_tokens
    assert after.offered.keys() == {"clock__now", "clock__day"}


async def test_a_wait_is_told_in_every_round():
    made = bench(calling(NOW), answer("x"), decisions=[ONCE])
    events = await made.events()
    assert kinds(events).count("Sending") == 2
    assert isinstance(events[1], Sending)


async def test_a_side_question_may_call_tools_and_leaves_no_trace():
    made = bench(answer("Hello"), calling(NOW), answer("Noon."), answer("Yes"), decisions=[ONCE])
    first = (await made.events("Hi"))[-1].message
    question = Message("q", "s1", first.id, Role.USER, "When?", START, kind=MessageKind.ASIDE)
    await made.desk.store.add_message(question)
    last = (await made.events(question))[-1].message
    sent = [each.content for each in made.desk.provider.requests[2].messages]
    assert sent == ["Hi", "Hello", "When?", "", "12:00"]
    await made.events("And?", parent_id=last.id)
    sent = [each.content for each in made.desk.provider.requests[3].messages]
    assert sent == ["Hi", "Hello", "And?"]


@pytest.mark.parametrize("history", [2, 3, 4])
async def test_a_short_history_never_begins_with_a_result(history):
    made = bench(calling(NOW, DAY), answer("Noon."), answer("Yes"), decisions=[ONCE, ONCE])
    last = (await made.events())[-1].message
    made.options = replace(made.options, history=history)
    await made.events("And?", parent_id=last.id)
    sent = made.desk.provider.requests[-1].messages
    assert [each.role for each in sent] == [Role.ASSISTANT, Role.USER]
