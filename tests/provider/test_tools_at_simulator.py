"""Turns with tools at the pretend Groq, whose checks of messages and tools are strict."""

import pytest

from groqchat.domain.models.catalog import Plan
from groqchat.domain.text.secret import Secret
from groqchat.domain.tools.outcome import Outcome
from groqchat.domain.tools.tool import ToolResult
from groqchat.domain.turns.chat import Answered, Options, Role
from groqchat.provider.groq_provider import GroqProvider
from groqchat.services.turns.request_copies import RequestCopies
from groqchat.services.turns.sent_requests import SentRequests
from groqchat.simulator.options import Options as Simulated
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog
from tests.provider.conftest import KEY, MODEL
from tests.services.desk import CATALOG, Desk
from tests.services.tools.fakes import DENY, ONCE, SESSION, Bench, FakeSource, Sources, changed

QWEN = "qwen/qwen3.8-27b"
SYSTEM = " ".join(f"Rule {number}: name the source." for number in range(300))
BOTH = "What does clock__now say, and clock__day?"


@pytest.fixture
async def server():
    options = Simulated(Plan.DEVELOPER, rate=None)
    async with Simulator(load_catalog(), options) as simulator:
        yield simulator


@pytest.fixture
async def bench(server):
    desk = Desk(None, plan=Plan.DEVELOPER)
    desk.provider = GroqProvider(Secret(KEY), server.url, clock_now=desk.clock.now)
    desk.turns = desk.new_turns(model_of=CATALOG.get)
    source = FakeSource(now="12:00", day=ToolResult("broken", is_error=True))
    made = Bench(desk, Sources(source))
    made.source = source
    yield made
    await desk.provider.close()


@pytest.mark.parametrize(("model", "requests"), [(MODEL, 3), (QWEN, 2)])
async def test_two_tools_of_which_one_is_denied_and_the_turn_goes_on(bench, model, requests):
    bench.options = Options(model, tools=("clock",), max_tokens=400)
    bench.decisions = [DENY, ONCE]
    await bench.events(BOTH)
    results = [each for each in bench.messages if each.role is Role.TOOL]
    assert [each.finish_reason for each in results] == [Outcome.DENIED, Outcome.FAILED]
    assert len(bench.desk.ledger.entries) == requests
    assert "broken" in bench.messages[-1].content
    bench.desk.restart()
    bench.desk.turns = bench.desk.new_turns(model_of=CATALOG.get)
    bench.new_turns()
    events = await bench.events("And what is a rate limit?", parent_id=bench.messages[-1].id)
    assert isinstance(events[-1], Answered)


async def test_the_last_request_of_another_process_is_made_anew_with_calls_and_tools(bench):
    bench.decisions = [SESSION, SESSION]
    await bench.events(BOTH)
    result = [each for each in bench.messages if each.role is Role.TOOL][-1]
    turns, options = bench.turns, bench.options
    copies = RequestCopies(SentRequests(), bench.desk.store, turns.plain._default_vendor)
    sent = (await copies.last(result, options, turns.known_tools(options))).body
    assert [each["role"] for each in sent["messages"]][-2:] == ["assistant", "tool"]
    assert [each["function"]["name"] for each in sent["tools"]] == ["clock__day", "clock__now"]
    bench.new_turns()
    assert bench.turns.known_tools(options) == ()


async def test_estimates_hold_for_prompts_with_tools(bench):
    bench.decisions = [SESSION, SESSION]
    await bench.events(BOTH)
    answers = [each for each in bench.messages if each.role is Role.ASSISTANT]
    preview = await bench.turns.preview(None, bench.options)
    request = preview.request(BOTH)
    counted = answers[0].usage.prompt_tokens
    assert request.prompt_tokens - request.excess <= counted
    assert counted <= request.prompt_tokens + request.doubt


async def test_steps_of_built_in_tools_are_kept_with_their_answer(bench):
    bench.options = Options(MODEL, tools=("browser_search", "code_interpreter"))
    events = await bench.events("What is a rate limit?")
    told = [type(event).__name__ for event in events]
    assert told.count("StepTaken") == 6
    answer = bench.messages[-1]
    assert [step.name for step in answer.executed] == ["browser.search", "browser.open", "python"]
    assert answer.executed[2].output == "55"
    bench.options = Options(MODEL)
    await bench.events("Go on", parent_id=answer.id)


async def test_ten_turns_with_tools_begin_alike_and_one_changed_tool_breaks_the_cache(bench):
    bench.options = Options(MODEL, SYSTEM, tools=("clock",), max_tokens=300)
    bench.decisions = [SESSION]
    parent = None
    for turn in range(1, 11):
        prompt = "What does clock__now say?" if turn in {1, 5} else f"Turn {turn}"
        events = await bench.events(prompt, parent_id=parent)
        parent = events[-1].message.id
    answers = [each for each in bench.messages if each.role is Role.ASSISTANT]
    assert len(answers) == 12
    assert answers[0].usage.cached_tokens == 0
    assert all(each.usage.cached_tokens >= 2_000 for each in answers[1:])
    changed(bench.source)
    events = await bench.events("Turn 11", parent_id=parent)
    assert events[-1].message.usage.cached_tokens < 100
