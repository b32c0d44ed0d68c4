"""Sources of tools for tests, and what a turn with tools needs."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from groqchat.domain.tools.approval import Approval
from groqchat.domain.tools.bounds import TOOL_BOUNDS, ToolBounds
from groqchat.domain.tools.decision import Decision
from groqchat.domain.tools.events import ApprovalAsked
from groqchat.domain.tools.tool import Tool, ToolCall, ToolResult, fingerprint_of
from groqchat.domain.turns.chat import Finished, Options
from groqchat.services.tools.approvals import Approvals
from groqchat.services.tools.tool_turns import ToolTurns
from tests.fakes import accepted, counter, session
from tests.services.desk import MODEL, Desk

OPTIONS = Options(MODEL, tools=("clock",))


def tool(name, source="clock", description="Tells it.", parameters=None):
    parameters = parameters or {"type": "object", "properties": {}}
    mark = fingerprint_of(source, name, description, parameters)
    return Tool(source, name, f"{source}__{name}", description, parameters, mark)


class FakeSource:
    """A source whose tools answer with what they were made with: a text, a result, an event."""

    def __init__(self, name="clock", error=None, **answers):
        self.name = name
        self.error = error
        self.answers = answers
        self.called = []
        self.stopped = []
        self.reached = asyncio.Event()
        self.listed = [tool(each, name) for each in answers]

    async def tools(self):
        if self.error is not None:
            raise self.error
        return self.listed

    async def call(self, name, arguments):
        self.called.append((name, dict(arguments)))
        answer = self.answers[name]
        if isinstance(answer, asyncio.Event):
            try:
                self.reached.set()
                await answer.wait()
            except asyncio.CancelledError:
                self.stopped.append(name)
                raise
            return ToolResult("at last")
        return answer if isinstance(answer, ToolResult) else ToolResult(answer)


class MemoryApprovals:
    """Lasting approvals in a dictionary."""

    def __init__(self):
        self.kept = {}

    async def is_approved(self, fingerprint):
        return fingerprint in self.kept

    async def approve(self, tool, time):
        self.kept[tool.fingerprint] = (tool, time)

    async def approvals(self):
        return [
            Approval(mark, tool.source, tool.name, time) for mark, (tool, time) in self.kept.items()
        ]

    async def revoke(self, fingerprint):
        self.kept.pop(fingerprint, None)


class Sources:
    """Sources by name."""

    def __init__(self, *sources):
        self._sources = {source.name: source for source in sources}

    @property
    def names(self):
        return list(self._sources)

    def named(self, name):
        return self._sources.get(name)


def calling(*calls, usage=None, text=()):
    """An answer that calls tools."""
    return [accepted(), *text, Finished("tool_calls", usage, is_call=True, calls=calls)]


def call(name, arguments="{}", identifier="c1"):
    return ToolCall(identifier, f"clock__{name}", arguments)


@dataclass
class Bench:
    """A :class:`ToolTurns` over fakes; ``decisions`` are the words of the user, in order."""

    desk: Desk
    sources: Sources
    decisions: list = field(default_factory=list)
    options: Options = OPTIONS
    bounds: ToolBounds = TOOL_BOUNDS

    def __post_init__(self):
        self.approvals = Approvals(MemoryApprovals(), self.desk.clock)
        self.new_turns()

    def new_turns(self):
        own = {"bounds_now": lambda: self.bounds}
        own |= {"clock": self.desk.clock, "new_id": counter(f"t{len(self.desk.store.journal)}-")}
        self.turns = ToolTurns(
            self.desk.turns, self.desk.store, self.desk.quota, self.sources, self.approvals, **own
        )

    async def events(self, prompt="When?", *, until=None, **more):
        """The events of a turn, up to one of a kind if that is named; words are given as asked."""
        told = []
        asked = self.turns.ask(session(), prompt, self.options, **more)
        async with aclosing(asked) as events:
            async for event in events:
                told.append(event)
                if until is not None and isinstance(event, until):
                    break
                if isinstance(event, ApprovalAsked):
                    self.approvals.decide("s1", self.decisions.pop(0))
        return told

    @property
    def messages(self):
        return list(self.desk.store.saved_messages.values())


def changed(source):
    """A source whose tools say something else from now on."""
    source.listed = [
        replace(each, description="Other", fingerprint=f"{each.fingerprint}x")
        for each in source.listed
    ]


ONCE, SESSION, ALWAYS, DENY = Decision.ONCE, Decision.SESSION, Decision.ALWAYS, Decision.DENY
