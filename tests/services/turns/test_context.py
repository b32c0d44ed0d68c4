"""Side questions, and what requests hold behind a compaction."""

from contextlib import aclosing
from dataclasses import replace

import pytest

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.money.usage import Usage
from groqchat.domain.turns.chat import Message, Options, Role
from groqchat.domain.turns.compaction import Plan, Way
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.domain.turns.request import RequestMessage
from groqchat.services.turns.compactor import Compactor
from tests.fakes import START, FakeProvider, answer, counter, said, session
from tests.services.desk import CATALOG, MODEL, Desk

LONG = "One " * 900
# What the server counts for the prompts of a test: with the long one, and without it.
COUNTS = (1_000, 1_015, 90, 90)


class AccountModels:
    """The models of the catalogue, all of which can be called."""

    def others(self, model_id):
        return tuple(each for each in CATALOG.chat_models() if each.id != model_id)

    def model(self, model_id):
        return CATALOG.get(model_id)

    def price_of(self, model_id):
        return CATALOG.get(model_id).price


def compactor(desk):
    return Compactor(
        desk.store,
        desk.turns,
        desk.quota,
        desk.accounting.sizing,
        AccountModels(),
        clock=desk.clock,
        new_id=counter("c"),
    )


async def test_a_side_question_is_asked_with_the_conversation_and_leaves_no_trace_in_it():
    answers = [answer(f"{n}", usage=Usage(50 * n, 0, 5)) for n in (1, 2, 3)]
    desk = Desk(FakeProvider(*answers))
    first = (await desk.events("One"))[-1].message
    question = await compactor(desk).store_aside(session(), "And by the way?", first.id)
    aside = (await desk.events(question))[-1].message
    assert (question.kind, aside.kind) == (MessageKind.ASIDE, MessageKind.ASIDE)
    foreseen = (await desk.turns.preview(aside.id, Options(MODEL))).request("Two")
    await desk.events("Two", parent_id=aside.id)
    _, asked, after = desk.provider.requests
    one = ((Role.USER, "One"), (Role.ASSISTANT, "1"))
    assert asked.messages == said(*one, (Role.USER, "And by the way?"))
    # To the byte as if it had not been asked, as the prompt cache of the server needs it.
    assert after.messages == said(*one, (Role.USER, "Two"))
    assert foreseen.prompt_tokens == after.prompt_tokens < 100
    assert len(desk.ledger.entries) == 3


async def test_what_is_left_out_is_in_no_request_and_in_no_estimate():
    desk = Desk(
        FakeProvider(*(answer(f"{n}", usage=Usage(count, 0, 5)) for n, count in enumerate(COUNTS)))
    )
    first = (await desk.events(LONG))[-1].message
    second = await desk.events("Two", parent_id=first.id)
    prompt, last = second[0].message, second[-1].message
    mark = Message("x", "s1", last.id, Role.SYSTEM, "Left out", START)
    mark = replace(mark, kind=MessageKind.COMPACTION, kept_from=prompt.id)
    await desk.store.add_message(mark)
    kept = ((Role.USER, "Two"), (Role.ASSISTANT, "1"))
    for options in (Options(MODEL), Options(MODEL, history=20)):
        foreseen = (await desk.turns.preview(mark.id, options)).request("Three")
        await desk.events("Three", options, parent_id=mark.id)
        sent = desk.provider.requests[-1]
        assert sent.messages == said(*kept, (Role.USER, "Three"))
        assert foreseen.prompt_tokens == sent.prompt_tokens < 100


@pytest.mark.parametrize("is_left", [False, True])
async def test_a_compaction_that_breaks_off_leaves_its_session_where_it_was(is_left):
    answers = [answer(f"{n}", usage=Usage(50, 0, 5)) for n in (1, 2, 3, 4)]
    answers[3] = [failure("model_not_found", status=404, model=MODEL)]
    desk = Desk(FakeProvider(*answers))
    first = (await desk.events("One"))[-1].message
    second = await desk.events("Two", parent_id=first.id)
    plan = Plan(Way.SUMMARY, 2, None, 1, (second[0].message.id, None), MODEL)
    shorter = compactor(desk)
    compaction = shorter.compaction(session(), plan, second[-1].message.id)
    async with aclosing(shorter.carry_out(compaction)) as events:
        if is_left:  # as by Ctrl+C
            await anext(events)
        else:
            with pytest.raises(GroqchatError):
                _ = [event async for event in events]
            assert desk.provider.requests[3].messages[1] == RequestMessage(Role.ASSISTANT, "3")
    left = await desk.store.session(session().id)
    assert left.leaf_id == second[-1].message.id
