"""The report of a set whose answers are made by a seeded generator, for its picture."""

from __future__ import annotations

import random
from decimal import Decimal

from groqchat.domain.money.pricing import Cost
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.prompt_sets.checks import Check, CheckKind
from groqchat.domain.prompt_sets.prompt_set import SetPrompt, message_id, progress
from groqchat.domain.prompt_sets.report import set_report
from groqchat.domain.prompt_sets.runs import repeated
from groqchat.domain.turns.chat import Message, Role
from groqchat.reports.set_page import set_page

_PROMPTS, _RUNS = 120, 2
# By column: how often it passes, seconds of an answer, tokens of one, US dollars a token.
_COLUMNS = {
    "openai/gpt-oss-120b effort=low": (0.84, 0.9, 220, Decimal("0.0000006")),
    "openai/gpt-oss-120b effort=high": (0.87, 2.4, 560, Decimal("0.0000006")),
}


def report_page() -> str:
    """The HTML page of a report on two variants, with intervals and what the prompts show."""
    drawn = random.Random(21)  # noqa: S311  # for a picture
    checks = (Check(CheckKind.EXACT, "yes"),)
    prompts = [
        SetPrompt(f"{number:020}", f"q{number}", "Is it so?", checks=checks)
        for number in range(1, _PROMPTS + 1)
    ]
    everything = repeated(prompts, _RUNS)
    hardness = {prompt.id: drawn.random() for prompt in prompts}
    messages = []
    for column, (passing, seconds, tokens, price) in _COLUMNS.items():
        for prompt in everything:
            number = round(tokens * drawn.lognormvariate(0, 0.3))
            hard = 0.7 * hardness[prompt.id] + 0.3 * drawn.random()
            total = seconds * drawn.lognormvariate(0, 0.25)
            messages.append(
                Message(
                    f"{column}-{prompt.key}",
                    "s",
                    message_id("s", prompt.key),
                    Role.ASSISTANT,
                    "yes" if hard < passing else "no",
                    0.0,
                    model=column,
                    usage=Usage(90, 0, number),
                    timing=Timing(total / 5, total),
                    cost=Cost(price * number),
                )
            )
    report = set_report(
        "questions.jsonl",
        "s",
        prompts=everything,
        models=list(_COLUMNS),
        progress=progress("s", messages, ()),
        messages=messages,
    )
    return set_page(report)
