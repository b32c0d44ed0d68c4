"""The causes of the table for models that end without an answer."""

from __future__ import annotations

from groqchat.domain.errors.cause import Action, Cause, ErrorKind

_ACTIONS = (Action.RETRY, Action.SWITCH_MODEL, Action.DETAILS)
_OTHERWISE = "Ask in other words, or ask another model."
_OTHERWISE_THERE = "Ask in other words, or another model with -m."

ANSWER_CAUSES = (
    Cause(
        "answer_filtered", ErrorKind.NO_ANSWER, "Answer filtered",
        "A content filter removed the whole answer of {model}.",
        _OTHERWISE,
        "Tell finish_reason content_filter apart from an answer.",
        actions=_ACTIONS,
        command_fix=_OTHERWISE_THERE,
    ),
    Cause(
        "answer_refused", ErrorKind.NO_ANSWER, "The model refused",
        "{model} refused to answer: {detail}.",
        _OTHERWISE,
        "Read the field refusal beside content.",
        actions=_ACTIONS,
        command_fix=_OTHERWISE_THERE,
    ),
    Cause(
        "answer_only_reasoned", ErrorKind.NO_ANSWER, "Reasoning without an answer",
        "{model} ended after its reasoning, without an answer.",
        "Send it again, with a lower /effort, or ask another model.",
        "Check that there is content beside the reasoning.",
        actions=_ACTIONS,
        command_fix="Send it again, with a lower --effort, or ask another model with -m.",
    ),
    Cause(
        "answer_too_short", ErrorKind.NO_ANSWER, "No room for an answer",
        "{model} reached the maximum length before its answer began; reasoning counts, too.",
        "Allow a longer answer with /max-tokens, or lower the /effort; then /retry.",
        "Leave room for reasoning in max_completion_tokens.",
        actions=(Action.SWITCH_MODEL, Action.DETAILS),
        command_fix="Raise --max-tokens, or lower --effort.",
    ),
    Cause(
        "answer_is_a_call", ErrorKind.NO_ANSWER, "Tool call instead of an answer",
        "{model} wanted to call a tool instead of answering, but there are no tools.",
        "Ask for an answer without tools, or ask another model.",
        "Offer the tools that the model may call, or tell it that there are none.",
        actions=_ACTIONS,
        command_fix="Ask for an answer without tools, or ask another model with -m.",
    ),
    Cause(
        "answer_calls_on", ErrorKind.NO_ANSWER, "Too many calls of tools",
        "{model} went on calling tools after the last round of this turn, without an answer.",
        "Write what it should do next, or ask for less at once.",
        "Bound the rounds of calls in a turn.",
        actions=(Action.SWITCH_MODEL, Action.DETAILS),
        command_fix="Ask a smaller question, or with fewer tools.",
    ),
    Cause(
        "answer_empty", ErrorKind.NO_ANSWER, "Empty answer",
        "{model} sent an empty answer.",
        "Send it again, or ask another model.",
        "Take an empty answer for a failure.",
        actions=_ACTIONS,
        command_fix="Send it again, or ask another model with -m.",
    ),
    Cause(
        "schema_mismatch", ErrorKind.SCHEMA_MISMATCH, "Not the JSON asked for",
        "The answer of {model} does not fit: {detail}.",
        "Ask again, or ask another model; /schema shows what is asked for.",
        "Check every answer against the schema; where strict is not served, retry once.",
        actions=_ACTIONS,
        command_fix="Ask again, or another model with -m; --json holds the answer.",
    ),
    Cause(
        "answer_ended_oddly", ErrorKind.NO_ANSWER, "No answer",
        "{model} ended without an answer; the reason given is {detail}.",
        "Send it again, or ask another model.",
        "Take an unknown finish_reason for an answer that is not whole.",
        actions=_ACTIONS,
        command_fix="Send it again, or ask another model with -m.",
    ),
)  # fmt: skip
"""One row for each way."""
