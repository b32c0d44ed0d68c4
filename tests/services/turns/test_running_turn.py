"""A turn as it takes in what it hears."""

from dataclasses import replace
from decimal import Decimal

from groqchat.domain.money.pricing import Cost
from groqchat.domain.tools.events import ApprovalAsked, CallStarted
from groqchat.domain.tools.tool import ToolCall
from groqchat.domain.turns.chat import (
    Answered,
    AnswerStarted,
    Delta,
    Message,
    Options,
    PromptStored,
    Role,
    Sending,
)
from groqchat.services.turns.running_turn import Phase, RunningTurn
from tests.fakes import START, session
from tests.services.tools.fakes import tool

CALL = ToolCall("c", "clock__now", "{}")
PROMPT = Message("p", "s1", None, Role.USER, "When?", START)
ASKS = Message("a", "s1", "p", Role.ASSISTANT, "", START, cost=Cost(Decimal(1)), calls=(CALL,))
RESULT = Message("r", "s1", "a", Role.TOOL, "12:00", START, calls=(CALL,))
SAID = Message("b", "s1", "r", Role.ASSISTANT, "Noon.", START, cost=Cost(Decimal(2)))


def hearing(*events):
    turn = RunningTurn(session(), Options("m"))
    phases = []
    for event in events:
        turn.hear(event)
        phases.append(turn.phase)
    return turn, phases


def test_a_round_of_calls_is_part_of_a_turn_and_not_its_end():
    asked = ApprovalAsked(tool("now"), CALL)
    begun = (PromptStored(PROMPT), Sending(1), AnswerStarted(replace(ASKS, calls=())), Delta("x"))
    turn, phases = hearing(*begun, Answered(ASKS, None), asked)
    assert phases[-2:] == [Phase.CALLING, Phase.ASKING]
    assert (turn.approval, turn.leaf_id, turn.to_answer) == (asked, "a", PROMPT)
    assert (turn.has_text, turn.begun, turn.is_over) == (False, None, False)
    turn.hear(CallStarted(asked.tool, CALL))
    assert (turn.approval, turn.phase) == (None, Phase.CALLING)
    turn.hear(PromptStored(RESULT))
    assert (turn.leaf_id, turn.to_answer, turn.prompt) == ("r", RESULT, PROMPT)
    turn.hear(Answered(SAID, None))
    assert (turn.phase, turn.leaf_id, turn.cost) == (Phase.ENDED, "b", Decimal(3))


def test_a_turn_may_begin_at_the_result_of_a_tool():
    turn, _ = hearing(PromptStored(RESULT))
    assert turn.stored.is_set()
    assert (turn.prompt, turn.leaf_id) == (RESULT, "r")
