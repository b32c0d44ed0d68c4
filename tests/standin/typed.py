"""Turns that are typed on the chat screen: its panel and its meter show what the server says."""

from __future__ import annotations

import re
from datetime import datetime

from groqchat.bootstrap import Launch, LocalServices
from groqchat.domain.limits.quota import Source
from groqchat.domain.text.humanize import exact_money, percent
from tests.standin.server import MODELS
from tests.ui.stage import groqchat, seen, until


async def type_turns(walk, kinds):
    """Type one prompt for each kind, in a session of a process of its own."""
    services = LocalServices(Launch())
    services.clock = walk.clock
    app = groqchat(services)
    async with app.run_test(size=(150, 45)) as pilot:
        await until(pilot, lambda: app.screen.connection)
        first = len(walk.booked)
        walk.clock.advance(86_400)  # none of the day's limits is spent
        for kind in kinds:
            walk.clock.advance(3)
            await _type(walk, pilot, kind)
            await _look(walk, pilot, first)


async def _type(walk, pilot, kind):
    screen = pilot.app.screen
    model = screen.workspace.figures.model_id
    if kind == "others":
        await walk.place.others(model, 200)
    walk.place.script(kind, walk.chance)
    asked = len(await _entries(screen))
    screen.composer.area.focus()  # the card of an error has taken the focus
    screen.composer.text = f"What is left after {asked} requests?"
    await pilot.press("enter")
    entries = []
    for _ in range(2_000):
        await pilot.pause(0.005)
        entries = (await _entries(screen))[asked:]
        if any(entry.accepted for entry in entries):
            break
    else:
        raise AssertionError(f"nothing was answered:\n{seen(screen)}")
    await until(pilot, lambda: not screen.conversation.is_busy)
    for entry in entries:
        for bucket in entry.buckets:
            by_refusal = bucket.source is Source.ERROR
            walk.place.told(model, str(bucket.kind), by_refusal=by_refusal)
        if entry.accepted:
            walk.booked.append((walk.clock.now(), await walk.place.count(entry.request_id)))


async def _entries(screen):
    connection = screen.connection
    recorded = await screen.workspace.services.ledger.since(
        0, fingerprint=connection.account.fingerprint, model=screen.workspace.figures.model_id
    )
    return sorted(recorded.entries, key=lambda entry: entry.time)


async def _look(walk, pilot, first):
    """As a person reads them off: limits with their rests, sums of tokens and of money."""
    screen = pilot.app.screen
    here = [count for _, count in walk.booked[first:]]
    moment = datetime.fromtimestamp(walk.clock.now()).astimezone()
    midnight = moment.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    prompt = sum(count.prompt for count in here)
    cached = sum(count.cached for count in here)
    sums = {
        "this turn": exact_money(here[-1].dollars),
        "this session": exact_money(sum(count.dollars for count in here)),
        "today": exact_money(walk.dollars_since(midnight)),
        "this month": exact_money(walk.dollars_since(0)),
        "tokens in": f"{prompt:,}",
        "of them cached": f"{percent(cached / prompt)} · {cached:,}" if cached else "0",
        "tokens out": f"{sum(count.completion for count in here):,}",
    }
    model = screen.workspace.figures.model_id
    await until(
        pilot,
        lambda: (
            _read(seen(screen), sums) == sums
            and walk.has_left({name: left for name, (left, _) in _rows(screen).items()}, model)
        ),
    )
    assert {name: limit for name, (_, limit) in _rows(screen).items()} == MODELS[model]


def _rows(screen):
    """What is left of each limit, and the limit, by name."""
    rows = re.findall(r"\b([RTIO]+P[MD]) +([\d,]+)/([\d,]+)", seen(screen))
    return {name: [int(text.replace(",", "")) for text in both] for name, *both in rows}


def _read(text, labels):
    told = {label: re.search(rf"{label} +((?:\d+% · )?[$\d.,]+)", text) for label in labels}
    return {label: match and match[1] for label, match in told.items()}
