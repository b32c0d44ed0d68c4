"""The state of the composer while it holds an earlier prompt that is being changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import Message
    from groqchat.ui.conversation.branch import Branch
    from groqchat.ui.widgets.composer import Composer


class PromptEditing:
    """The earlier prompt that is being changed, and the text that made way for it.

    Args:
        composer: The composer that holds the prompt.
        branch: The branch that the prompt stands in.
    """

    def __init__(self, composer: Composer, branch: Branch) -> None:
        self.prompt: Message | None = None
        self._composer = composer
        self._branch = branch
        self._set_aside = ""

    @property
    def parent_id(self) -> str | None:
        """The message that the text in the composer will follow; None begins the session."""
        replaced = self.prompt or self._branch.unanswered
        return replaced.parent_id if replaced else self._branch.leaf_id

    def begin(self, prompt: Message) -> None:
        """Put a prompt into the composer; the text there is set aside."""
        if self.prompt is None:
            self._set_aside = self._composer.text
        self.prompt = prompt
        self._composer.text = prompt.content
        self._composer.area.focus()

    def cancel(self) -> None:
        """End without a new prompt; the text that was set aside comes back."""
        self.prompt = None
        self._composer.text, self._set_aside = self._set_aside, ""

    def take(self) -> Message | None:
        """End with the text in the composer; returns the prompt that it replaces, if any."""
        prompt, self.prompt = self.prompt, None
        return prompt

    def take_set_aside(self) -> str:
        """Return the text that was set aside and forget it; empty while a prompt is edited."""
        if self.prompt is not None:
            return ""
        text, self._set_aside = self._set_aside, ""
        return text

    def leave(self) -> None:
        """End because another session is opened.

        The edited text is a draft of this session from then on, behind the text that was set aside.
        """
        prompt = self.take()
        if prompt is not None:
            edited = self._composer.text if self._composer.text != prompt.content else ""
            self._composer.text = "\n\n".join(filter(None, (self.take_set_aside(), edited)))
