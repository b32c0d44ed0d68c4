"""A team's store in memory, whose server can be away; and a clock whose sleepers wake by hand."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from groqchat.domain.errors.table import failure
from groqchat.domain.ledger.entry import Recorded
from groqchat.domain.team.place import PlaceState, difference
from groqchat.services.team.ports import HandedIn, Kept


class MemoryTeam:
    """The store; ``active`` clients are said to be there, and answers may be lost on the way.

    They come once ``answers`` is set, if it is an event.
    """

    def __init__(self, active=1):
        self.active = active
        self.left = []
        self.is_away = self.is_busy = self.loses_answers = False
        self.answers = None
        self.states = {}
        self.leases = {}
        self.entries = {}

    async def take(self, place, lease, decide, now):
        self._reach()
        state = self._state(place)
        if lease not in self.leases:
            state, amounts = decide(state)
            if amounts is not None:
                self.leases[lease] = place, amounts
                state = state.charged(amounts, now)
            self.states[place] = state
        if self.loses_answers:
            self.is_away = True
            self._reach()
        return await self._answered(self._state(place))

    async def hand_in(self, entries, now):
        self._reach()
        new = [each for each in entries if each.id not in self.entries]
        for each in new:
            self.entries[each.id] = each
            _, leased = self.leases.pop(each.id, (None, {}))
            state = self._state(each.place).settled(each.amounts, leased, now)
            self.states[each.place] = state.told(each.told)
        places = {each.place for each in entries}
        return HandedIn(len(new), {place: self._state(place) for place in places})

    async def give_back(self, place, lease, now):
        self._reach()
        _, leased = self.leases.pop(lease, (None, {}))
        self.states[place] = self._state(place).charged(difference({}, leased), now)

    async def leave(self, place, now):
        self._reach()
        self.left.append(place)

    async def state(self, place, now):
        self._reach()
        return await self._answered(self._state(place))

    async def close(self):
        pass

    def _state(self, place):
        running = sum(each == place for each, _ in self.leases.values())
        return replace(self.states.get(place, PlaceState()), running=running, active=self.active)

    async def _answered(self, answer):
        if self.answers is not None:
            await self.answers.wait()
        return answer

    def _reach(self):
        if self.is_away:
            raise failure("team_unreachable", detail="Connection refused")
        if self.is_busy:
            raise failure("team_busy", detail="3 s")


class MemoryOutbox:
    """The ledger of a machine."""

    def __init__(self):
        self.entries = []
        self.handed = 0
        self.read = {}
        self.away_since = None

    def record(self, entry):
        self.entries.append(replace(entry, number=len(self.entries) + 1))

    async def begin(self, team):
        pass

    async def pending(self, team):
        entries = self.entries[self.handed :]
        return Recorded(entries, len(self.entries))

    async def handed_in(self, team, number):
        self.handed = max(self.handed, number)

    async def keep(self, team, account, model, state, at):
        self.read[model] = state, at
        self.away_since = None

    async def lost(self, team, since):
        self.away_since = self.away_since or since

    async def kept(self, team, account, model):
        if not self.read:
            return None
        state, at = self.read.get(model) or next(iter(self.read.values()))
        state = state if model in self.read else replace(state, buckets=())
        used = [each for each in self.entries if each.model == model and each.time > at]
        return Kept(state, at, self.away_since, used)


class WakingClock:
    """Time that passes by hand, and wakes those who have slept enough."""

    def __init__(self, now):
        self._now = now
        self._sleepers = []

    def now(self):
        return self._now

    monotonic = now

    async def sleep(self, seconds):
        woken = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + seconds, woken))
        await woken

    async def pass_by(self, seconds):
        """Let time pass, and those who wake then do what they do."""
        self._now += seconds
        for until, woken in self._sleepers:
            if until <= self._now and not woken.done():
                woken.set_result(None)
        self._sleepers = [each for each in self._sleepers if not each[1].done()]
        for _ in range(30):
            await asyncio.sleep(0)
