"""The tokens that a model's chat template adds to the text of a prompt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import Role


@dataclass(frozen=True, slots=True)
class Template:
    """The tokens of a chat template: once for each prompt, and for each message by its role.

    The template of an unknown model is ChatML: the beginning of the answer, and around every
    message its two marks, the role and two line breaks. ``json_object`` is added if the
    answer is asked for as a JSON object. ``is_o200k`` says that the model's vocabulary is o200k.
    """

    prompt: int = 3
    user: int = 5
    assistant: int = 5
    system: int = 5
    json_object: int = 0
    is_o200k: bool = False

    def around(self, role: Role) -> int:
        """Tokens around a message."""
        own = {"user": self.user, "assistant": self.assistant, "system": self.system}
        return own.get(role, self.user)  # a result of a tool is framed like a prompt


CHATML = Template()
