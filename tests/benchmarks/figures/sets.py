"""Sets of prompts: processor time beside httpx, and how much of the binding limit is used."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.benchmarks.table import against

if TYPE_CHECKING:
    from tests.benchmarks.lab import Lab
    from tests.benchmarks.table import Row

_MODELS = "openai/gpt-oss-120b", "openai/gpt-oss-20b"
_PROMPTS, _QUICK_PROMPTS = 300, 20
_TOKENS = 120
# More than the bucket of a minute holds, so that the limit binds.
_PACED, _QUICK_PACED = 3_000, 1_200
_PACED_TIMEOUT_S = 300.0


def sets(lab: Lab) -> list[Row]:
    """Start to exit, by turns; the least of all runs, since other programs only add to it."""
    count = _QUICK_PROMPTS if lab.is_quick else _PROMPTS
    prompts = [lab.prompt(_TOKENS) for _ in range(count)]
    lines, file = lab.folder / "prompts.txt", lab.folder / "prompts.jsonl"
    lines.write_text("".join(f"{text}\n" for text in prompts))
    file.write_text("".join(json.dumps({"prompt": text}) + "\n" for text in prompts))
    asking = ["compare", "--file", str(file), "--json"]
    for model in _MODELS:
        asking += ["-m", model]
    floors, costs = [], []
    for turn in lab.repeats(4, 1):
        floor = lab.run("many", str(lines), *_MODELS, home="many")
        cost = lab.run("groqchat", *asking, home=f"set-{turn}")
        if lab.counts(turn):  # the first run compiles
            floors.append(floor)
            costs.append(cost)
    title = f"a set of {count} prompts × {len(_MODELS)} models, answers at once, processor time"
    name = "httpx, 16 at a time"
    return [
        against(title, min(floors), min(costs), "s", name=name, to_reach="≤ 1.8"),
        _at_the_limit(lab),
    ]


def _at_the_limit(lab: Lab) -> Row:
    """A set that the limits hold back, in virtual time: once, since it takes the same every time.

    Raises:
        LookupError: A request was refused.
    """
    count = _QUICK_PACED if lab.is_quick else _PACED
    pace = json.loads(lab.output("paced", str(count), home="paced", timeout=_PACED_TIMEOUT_S))
    if pace["refused"]:
        raise LookupError(f"{pace['refused']} requests of a paced set were refused")
    title = f"a set of {count:,} prompts, answers of 1 s, developer plan, virtual time"
    name = "the binding limit"
    return against(title, pace["least"], pace["took"], "s", name=name, to_reach="≤ 1.05")
