"""The options that the open session is asked with, for the screen and for the plain chat."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.sessions.options import changed, kept_of
from groqchat.domain.turns.chat import Message
from groqchat.domain.turns.message_kind import MessageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.turns.chat import Options, Session
    from groqchat.ui.conversation.branch import Branch
    from groqchat.ui.services import Services


class SessionOptions:
    """The options of one open session, which ``branch`` is a branch of."""

    branch: Branch
    _services: Services

    def begin_options(self, options: Options) -> None:
        """Begin with these options, of which the user has chosen none."""
        self.options = options
        # What the user chose before it was known which session and model to begin with.
        self._chosen_early: dict[str, object] = {}
        # The prompt that is asked with shorter options than the session's, and those.
        self._shortened: tuple[str, Options] | None = None

    @property
    def session(self) -> Session:
        """The session on the screen."""
        return self.branch.session

    async def set_options(self, **changes: object) -> None:
        """Change model or parameters of this session from the next request on."""
        if changes.keys() & {"history", "max_tokens"}:
            self._shortened = None
        self._chosen_early |= changes
        await self.correct(**changes)

    def ask_with(self, prompt: Message, options: Options) -> None:
        """Ask one prompt with the longest answer of these options from now on.

        A request for a summary is asked with them as they are.
        """
        self._shortened = prompt.id, options

    def options_of(self, prompt: str | Message | None) -> Options:
        """The options that a prompt is asked with: the session's, or shorter ones."""
        prompt_id, short = self._shortened or ("", self.options)
        if not isinstance(prompt, Message) or prompt.id != prompt_id:
            return self.options
        if prompt.kind is MessageKind.SUMMARY:
            return short
        return replace(self.options, max_tokens=short.max_tokens)

    async def suggest(self, **changes: object) -> None:
        """Change what the user has not chosen since the start, and keep what was chosen.

        The start calls this method: by then commands may have been run.
        """
        await self.correct(**{**changes, **self._chosen_early})

    async def correct(self, **changes: object) -> None:
        """Change what cannot be sent as it is, such as a model that was shut down."""
        self._chosen_early |= {name: changes[name] for name in changes.keys() & self._chosen_early}
        self.options = changed(self.options, **changes)
        lasting = kept_of(self.session, self.options, changes)
        if lasting and self.branch.leaf_id is not None:
            await self._services.store.update_session(self.session.id, **lasting)


def before_summaries(end: Sequence[Message]) -> str | None:
    """The message before summaries without the note of their compaction; None: there are none."""
    if not end or end[-1].kind is not MessageKind.SUMMARY:
        return None
    return next((each.id for each in reversed(end) if each.kind is not MessageKind.SUMMARY), None)
