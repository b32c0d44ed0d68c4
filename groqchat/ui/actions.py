"""What each command does on the chat screen."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.causes import failure
from groqchat.domain.errors import GroqchatError, StorageError
from groqchat.domain.humanize import count, exact_money

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from groqchat.domain.chat import Message
    from groqchat.domain.secret import Secret
    from groqchat.ui.screens.chat import ChatScreen
    from groqchat.ui.screens.key import KeyEntered


class Actions:
    """Runs commands by their id; a method ``do_<id>`` for each that needs more than a line.

    Args:
        screen: The chat screen.
    """

    def __init__(self, screen: ChatScreen) -> None:
        self._screen = screen
        self._editing: Message | None = None
        self._recalled = -1

    async def run(self, command_id: str, argument: str = "") -> None:
        """Run a command with what was written behind it."""
        method: Callable[[str], Awaitable[None]] = getattr(self, f"do_{command_id}")
        await method(argument)

    # -- turns --------------------------------------------------------------------------------

    async def do_stop(self, _: str) -> None:
        """Stop the answer; else close what is open, else go to the composer."""
        screen = self._screen
        if screen.conversation.is_busy:
            await screen.conversation.stop()
        elif screen.toasts.has_errors:
            screen.toasts.clear_errors()
        elif self._editing is not None:
            self._editing = None
            screen.toasts.notice("Editing ended; the next prompt is a new one.")
        screen.composer.area.focus()

    async def do_retry(self, _: str) -> None:
        """Answer the last prompt once more."""
        await self.ask_again()

    async def ask_again(
        self, prompt: Message | None = None, waiting_out: GroqchatError | None = None
    ) -> None:
        """Answer a prompt (the last one) again, first waiting a refusal out if one is given."""
        screen = self._screen
        prompt = prompt or await screen.conversation.last_prompt()
        if prompt is None or screen.connection is None or screen.conversation.is_busy:
            screen.toasts.notice("There is no prompt to answer yet.")
            return
        if screen.composer.text == prompt.content:
            screen.composer.text = ""
        await screen.conversation.ask_again(screen.connection.turns, prompt, waiting_out)

    async def do_continue(self, _: str) -> None:
        """Go on where the last answer was cut."""
        screen = self._screen
        answer = await screen.conversation.last_answer()
        if answer is None or screen.connection is None or screen.conversation.is_busy:
            screen.toasts.notice("There is no answer to continue.")
            return
        await screen.conversation.go_on(screen.connection.turns, answer)

    async def do_edit(self, _: str) -> None:
        """Take the last prompt into the composer."""
        await self.edit(await self._screen.conversation.last_prompt())

    async def edit(self, message: Message | None) -> None:
        """Take a prompt into the composer; sending it makes a new branch."""
        if message is None:
            self._screen.toasts.notice("There is no prompt to edit yet.")
            return
        self._editing = message
        self._screen.composer.text = message.content
        self._screen.composer.area.focus()
        self._screen.toasts.notice("Editing: Enter asks it anew, Esc leaves it as it was.")

    def take_editing(self) -> Message | None:
        """The prompt being edited, once."""
        message, self._editing = self._editing, None
        return message

    # -- the composer -------------------------------------------------------------------------

    async def recall(self, step: int) -> None:
        """Go through the prompts sent before."""
        prompts = await self._screen.parts.drafts.prompts()
        if not prompts:
            return
        composer = self._screen.composer
        if not composer.area.is_recalling:
            self._recalled = -1
        self._recalled = max(-1, min(len(prompts) - 1, self._recalled + step))
        composer.recall(prompts[self._recalled] if self._recalled >= 0 else "")

    async def do_history(self, _: str) -> None:
        """Find a prompt sent before."""
        from groqchat.ui.screens.history import PromptHistory

        prompts = self._screen.parts.drafts.prompts
        chosen = await self._screen.app.push_screen_wait(PromptHistory(prompts))
        if chosen:
            self._screen.composer.recall(chosen)
        self._screen.composer.area.focus()

    async def do_editor(self, _: str) -> None:
        """Write the prompt in an editor."""
        from groqchat.ui.editor import edited

        composer = self._screen.composer
        try:
            composer.text = edited(self._screen.app, composer.text)
        except StorageError as error:
            self._screen.troubles.show(error)

    async def do_attach(self, argument: str) -> None:
        """Add a file's text to the prompt."""
        path = Path(argument.strip().strip("'\"")).expanduser()
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            self._screen.toasts.notice(
                f"{argument or 'No file named'}: {_reason(error)}", severity="warning"
            )
            return
        composer = self._screen.composer
        composer.text = f"{composer.text.rstrip()}\n\n{path.name}:\n```\n{text}\n```\n".lstrip()

    # -- sessions -----------------------------------------------------------------------------

    async def do_new(self, _: str) -> None:
        """Begin an empty conversation."""
        await self._screen.conversation.start_new()

    async def do_sessions(self, _: str) -> None:
        """Go to the list of sessions."""
        self._screen.show_sessions()

    async def do_rename(self, argument: str) -> None:
        """Give the session a title."""
        from groqchat.ui.screens.rename import RenameScreen

        session = self._screen.conversation.session
        title = argument or await self._screen.app.push_screen_wait(RenameScreen(session.title))
        if title:
            await self._screen.parts.store.update_session(session.id, title=title)
            await self._screen.refresh_sessions()

    async def do_delete(self, _: str) -> None:
        """Delete the open session, when confirmed."""
        from groqchat.ui.screens.confirm import Confirm

        session = self._screen.conversation.session
        question = f"Delete “{session.title or 'this session'}” and its messages for good?"
        if await self._screen.app.push_screen_wait(Confirm(question, "Delete")):
            await self._screen.conversation.stop()
            await self._screen.parts.store.delete_session(session.id)
            await self._screen.conversation.start_new()

    async def do_find(self, argument: str) -> None:
        """Find in all sessions and go to the place."""
        from groqchat.ui.screens.search import SearchScreen

        store = self._screen.parts.store
        hit = await self._screen.app.push_screen_wait(SearchScreen(store.search, argument))
        if hit is not None:
            await self._screen.open_session(hit.session_id, message_id=hit.message_id)

    async def do_export(self, argument: str) -> None:
        """Write the session to a Markdown file."""
        from groqchat.services.exports import markdown_of

        conversation = self._screen.conversation
        if conversation.leaf_id is None:
            self._screen.toasts.notice("There is nothing to export yet.")
            return
        messages = await self._screen.parts.store.path(conversation.leaf_id)
        session = await self._screen.parts.store.session(conversation.session.id)
        path = Path(argument or f"groqchat-{conversation.session.id}.md").expanduser()
        try:
            path.write_text(markdown_of(session or conversation.session, messages), "utf-8")
        except OSError as error:
            self._screen.troubles.show(failure("disk", detail=f"{path}: {_reason(error)}"))
            return
        self._screen.toasts.notice(f"Exported to {path.resolve()}")

    # -- copying ------------------------------------------------------------------------------

    async def do_copy(self, argument: str) -> None:
        """Copy the last answer, or one of its code blocks."""
        answer = await self._screen.conversation.last_answer()
        if answer is None:
            self._screen.toasts.notice("There is no answer to copy yet.")
            return
        block = int(argument) if argument.isdigit() else None
        await self.copy(answer.id, block)

    async def copy(self, message_id: str, block: int | None = None) -> None:
        """Copy a message as it was written, or one code block of it (from 1)."""
        from groqchat.ui.clipboard import copy

        text = await self._screen.conversation.source(message_id)
        if block is not None:
            blocks = self._screen.conversation.transcript.code_blocks(message_id)
            if not 1 <= block <= len(blocks):
                self._screen.toasts.notice(f"This message has {len(blocks)} code blocks.")
                return
            text = blocks[block - 1]
        how = await copy(self._screen.app, text)
        self._screen.toasts.notice(f"Copied {count(len(text))} characters ({how}).")

    # -- Groq ---------------------------------------------------------------------------------

    async def do_model(self, argument: str) -> None:
        """Choose the model of the next request."""
        from groqchat.ui.screens.models import ModelPicker

        screen = self._screen
        catalog = screen.catalog
        chosen: str | None = argument
        if not argument:
            current = screen.conversation.options.model
            models = tuple(catalog.models.values())
            chosen = await screen.app.push_screen_wait(
                ModelPicker(models, current, screen.figures.left_today)
            )
        elif not catalog.known(argument):
            close = [name for name in catalog.models if argument.lower() in name.lower()]
            if len(close) != 1:
                screen.toasts.notice(f"No model is called {argument}.", severity="warning")
                return
            chosen = close[0]
        if chosen:
            screen.set_options(model=chosen)
            screen.toasts.notice(f"The next prompt goes to {chosen}.")

    async def do_system(self, argument: str) -> None:
        """Set the session's system prompt."""
        self._screen.set_options(system=argument)
        said = "The system prompt is set." if argument else "There is no system prompt now."
        self._screen.toasts.notice(said)

    async def do_effort(self, argument: str) -> None:
        """Set the reasoning effort, as far as the model knows the word."""
        screen = self._screen
        known = screen.catalog.get(screen.conversation.options.model).reasoning_efforts
        if argument and argument not in known:
            words = ", ".join(known) or "none: it has no such setting"
            screen.toasts.notice(f"This model takes {words}.", severity="warning")
            return
        screen.set_options(effort=argument or None)
        screen.toasts.notice(f"Reasoning effort: {argument or 'the default'}.")

    async def do_tier(self, argument: str) -> None:
        """Set the service tier."""
        tiers = ("on_demand", "flex", "auto", "performance")
        if argument and argument not in tiers:
            self._screen.toasts.notice(f"Tiers are {', '.join(tiers)}.", severity="warning")
            return
        self._screen.set_options(service_tier=argument or None)
        self._screen.toasts.notice(f"Service tier: {argument or 'the default'}.")

    async def do_quota(self, _: str) -> None:
        """Show or hide the panel."""
        self._screen.toggle_panel()

    async def do_cost(self, _: str) -> None:
        """Say what the session has cost."""
        sums = await self._screen.parts.ledger.spent(
            session_id=self._screen.conversation.session.id
        )
        self._screen.toasts.notice(
            f"This session: {exact_money(sums.cost)} at list price, "
            f"{count(sums.requests)} requests, cache saved {exact_money(sums.saved)}."
        )

    async def do_keys(self, _: str, reason: GroqchatError | None = None) -> None:
        """Enter or change the key; a checked key is stored and used at once."""
        from groqchat.ui.screens.key import KeyEntered, KeyScreen

        screen = self._screen
        keys = screen.parts.keys
        profile = screen.parts.profile

        async def store(secret: Secret) -> str:
            return await keys.add(profile, secret)

        entered = await screen.app.push_screen_wait(
            KeyScreen(
                keys.check,
                store,
                reason=reason.message if reason else "",
                may_skip_to_demo=screen.connection is None,
            )
        )
        if isinstance(entered, KeyEntered):
            await self._use(entered)
        elif entered == "demo":
            screen.app.exit(return_code=0, result="demo")

    async def _use(self, entered: KeyEntered) -> None:
        key = self._screen.parts.found(entered.secret, entered.stored_in)
        await self._screen.connect(key)

    async def do_errors(self, _: str) -> None:
        """Look at the last errors."""
        from groqchat.ui.screens.errors import ErrorsScreen

        chosen = await self._screen.app.push_screen_wait(ErrorsScreen(self._screen.troubles.log))
        if chosen is not None:
            self._screen.troubles.show(chosen.error)

    # -- the program --------------------------------------------------------------------------

    async def do_reasoning(self, _: str) -> None:
        """Fold or unfold all reasoning."""
        self._screen.conversation.transcript.toggle_reasoning()

    async def do_palette(self, _: str) -> None:
        """Everything by name."""
        self._screen.app.action_command_palette()

    async def do_theme(self, argument: str) -> None:
        """Take a theme by name, or the next one."""
        app = self._screen.app
        names = sorted(app.available_themes)
        if argument and argument not in names:
            self._screen.toasts.notice(f"Themes: {', '.join(names)}", severity="warning")
            return
        if not argument:
            app.action_change_theme()
            return
        app.theme = argument

    async def do_settings(self, _: str) -> None:
        """Open the settings file in an editor."""
        from groqchat.ui.editor import edit_file

        try:
            edit_file(self._screen.app, self._screen.parts.settings_path)
        except StorageError as error:
            self._screen.troubles.show(error)
            return
        for mistake in self._screen.parts.reload_settings():
            self._screen.toasts.notice(mistake, severity="warning")

    async def do_help(self, _: str) -> None:
        """Keys and commands."""
        from groqchat.ui.commands import COMMANDS
        from groqchat.ui.screens.help import HelpScreen

        await self._screen.app.push_screen_wait(HelpScreen(COMMANDS))

    async def do_quit(self, _: str) -> None:
        """Leave; everything is saved already."""
        self._screen.app.exit()


def _reason(error: Exception) -> str:
    """An operating system's reason without its number and path."""
    if isinstance(error, OSError):
        return os.strerror(error.errno) if error.errno else str(error)
    return "this is no text file"


