"""The methods that run the slash commands of the plain chat: one for each row of the table."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING

from groqchat.catalog.changelog import changelog, news_since
from groqchat.catalog.guides import for_terminal
from groqchat.cli.plain.console.choices import Choice
from groqchat.cli.plain.figures import quota_lines
from groqchat.cli.plain.help import Help
from groqchat.cli.plain.labels import SessionLabels
from groqchat.cli.plain.unsent import UnsentPrompt
from groqchat.domain.errors.tree import StorageError
from groqchat.domain.text.humanize import counted
from groqchat.ui.sessions.compaction.command import CompactCommand
from groqchat.ui.sessions.exporting import export
from groqchat.ui.spending.actions import SpendingActions

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from groqchat.cli.plain.parts import Parts

    Method = Callable[[str], Awaitable[None]]

# The lines of news that are told at once.
_AT_ONCE = 8
# Where no prompt was sent yet, the planner reckons with so many tokens a call.
_USUAL_TOKENS = 1_000


class Dispatch:
    """Runs slash commands by their words.

    Args:
        parts: The parts of the chat.
        leave: Ends the chat; takes what follows it: nothing, or another kind of chat.
    """

    def __init__(self, parts: Parts, leave: Callable[[str], None]) -> None:
        self._parts = parts
        self._leave = leave
        self._seat = parts.seat
        self._say = parts.seat.lines.say
        self.methods: Mapping[str, Method] = {
            **self._about_turns(),
            **self._about_options(),
            **self._about_sessions(),
            **self._about_groq(),
            **self._about_the_program(),
        }

    def _about_turns(self) -> Mapping[str, Method]:
        parts = self._parts
        compact = CompactCommand(self._seat, parts.compaction)
        unsent = UnsentPrompt(parts)
        return {
            "retry": parts.turns.retry,
            "continue": parts.turns.continue_answer,
            "queue": parts.queue.toggle,
            "unqueue": unsent.take_back,
            "edit": unsent.edit,
            "write": unsent.write,
            "drop": unsent.drop,
            "btw": parts.prompting.ask_aside,
            "copy": parts.answers.copy,
            "info": parts.answers.tell_details,
            "last": parts.answers.read_again,
            "attach": parts.attaching.attach,
            "transcribe": unsent.transcribe,
            "compact": compact.compact,
        }

    def _about_options(self) -> Mapping[str, Method]:
        parts, options = self._parts, self._parts.options
        of_screen = options.of_screen
        return {
            "model": options.model,
            "system": of_screen.set_system_prompt,
            "effort": of_screen.set_effort,
            "tier": of_screen.set_tier,
            "max-tokens": of_screen.set_longest_answer,
            "set": of_screen.parameters.set_parameter,
            "schema": of_screen.answer_form.set_schema,
            "json": of_screen.answer_form.set_json,
            "tools": options.tools,
            "prompts": parts.templates.prompts,
        }

    def _about_sessions(self) -> Mapping[str, Method]:
        sessions, commands = self._parts.sessions, self._parts.commands
        labels = SessionLabels(self._seat, self._parts.choices, commands)
        return {
            "new": self._new,
            "sessions": sessions.list,
            "search": sessions.search,
            "tree": sessions.branches,
            "duplicate": sessions.copy,
            "fork": sessions.fork,
            "delete": sessions.delete,
            "undo": sessions.undo,
            "restore": sessions.restore,
            "bin": sessions.list_bin,
            "rename": labels.rename,
            "pin": labels.pin,
            "archive": labels.archive,
            "tag": labels.tag,
            "export": self._export,
            "import": commands.with_rest("sessions", "import"),
            "backup": self._back_up,
        }

    def _about_groq(self) -> Mapping[str, Method]:
        parts, commands = self._parts, self._parts.commands
        spending = SpendingActions(self._seat)
        return {
            "compare": parts.comparing.compare,
            "keep": parts.comparing.keep,
            "leaderboard": commands.with_rest("leaderboard", option="--tag"),
            "quota": self._quota,
            "cost": spending.show_cost,
            "budget": spending.set_budget,
            "usage": commands.running("usage"),
            "batches": commands.running("batch", "list"),
            "mcp": commands.running("mcp", "list"),
            "plan": self._plan,
            "keys": parts.keys.manage,
            "errors": parts.failures.list_errors,
        }

    def _about_the_program(self) -> Mapping[str, Method]:
        return {
            "incognito": self._incognito,
            "reasoning": self._reasoning,
            "times": self._times,
            "settings": self._parts.settings.show,
            "help": Help(self._say).help,
            "news": self._news,
            "quit": self._quit,
        }

    # -- sessions -----------------------------------------------------------------------------

    async def _new(self, _: str) -> None:
        if self._parts.comparing.is_open:
            await self._parts.comparing.leave()
        await self._parts.sessions.begin("")

    async def _export(self, argument: str) -> None:
        conversation = self._seat.conversation
        services, leaf_id = self._seat.services, conversation.branch.leaf_id
        try:
            self._seat.notify(await export(conversation.session.id, leaf_id, services, argument))
        except (StorageError, ValueError) as error:
            reason = error.facts.detail if isinstance(error, StorageError) else error
            self._say(f"Nothing is exported: {reason}.")

    async def _back_up(self, path: str) -> None:
        if path:
            await self._parts.commands.run("backup", path)
        else:
            self._say("Write /backup and the name of the new file.")

    # -- Groq ---------------------------------------------------------------------------------

    async def _quota(self, _: str) -> None:
        seat = self._seat
        await seat.figures.refresh()
        view = seat.figures.view
        if view is None:
            await self._parts.commands.run("quota", "-m", seat.options.model)
            return
        self._say("\n".join(quota_lines(view)))

    async def _plan(self, _: str) -> None:
        seat = self._seat
        connection, model = seat.account.connection, seat.options.model
        known = connection.quota.recent_tokens_per_turn(model) if connection else None
        tokens = round(known) if known else _USUAL_TOKENS
        view = seat.figures.view
        plan = ("--plan", view.plan) if view and view.plan in {"free", "developer"} else ()
        words = ("plan", "limits", "--model", model, "--tokens", str(tokens), *plan)
        await self._parts.commands.run(*words)
        self._say("`groqchat plan` reckons with other numbers, and what they cost.")

    # -- the program --------------------------------------------------------------------------

    async def _incognito(self, argument: str) -> None:
        is_on = self._seat.services.is_incognito
        if argument == "off" and not is_on:
            self._say("This chat is not incognito.")
        elif argument not in {"", "off"}:
            self._say("Write /incognito, or /incognito off.")
        else:
            self._leave("kept" if is_on else "incognito")

    async def _reasoning(self, _: str) -> None:
        teller = self._parts.teller
        teller.shows_reasoning = not teller.shows_reasoning
        how = "are read" if teller.shows_reasoning else "are not read any more"
        self._say(f"The model's thoughts {how}.")

    async def _times(self, _: str) -> None:
        teller = self._parts.teller
        teller.shows_times = not teller.shows_times
        how = "are said" if teller.shows_times else "are not said any more"
        self._say(f"The times of prompts {how}.")

    async def _news(self, _: str) -> None:
        before = self._seat.services.last_run.before.version
        text = for_terminal(news_since(before, await asyncio.to_thread(changelog)))
        await self._tell_news(text.splitlines())

    async def _tell_news(self, told: Sequence[str]) -> None:
        """Tell some lines, and the rest when it is asked for: nobody can stop what is written."""
        now, later = told[:_AT_ONCE], told[_AT_ONCE:]
        self._say("\n".join(now))
        if later:
            more = Choice(
                "m", f"more of it ({counted(len(later), 'line')})", partial(self._tell_news, later)
            )
            self._parts.choices.offer([more])

    async def _quit(self, _: str) -> None:
        self._leave("")
