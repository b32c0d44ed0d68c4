"""Prompts with a text that no limit ever lets pass: what of it is sent, and at what price."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.text.fences import attached
from groqchat.domain.turns.parts import LONGEST_NOTES, Parts, first_lines, in_parts, price_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.money.pricing import Price
    from groqchat.domain.money.usage import Usage
    from groqchat.services.quota.quota import QuotaService
    from groqchat.services.turns.compactor import AccountModels
    from groqchat.services.turns.sizing import RequestPreview

# Of a limit, for a prompt: an answer is to have room too, and an estimate may be too small.
_SHARE = 0.8
# Of a prompt that was refused as too large by a server that names no limit.
_SURELY = 0.6


class LongText(Protocol):
    """A text in a prompt: its name, how it stands there, and the text itself."""

    @property
    def name(self) -> str:
        """The name of the file, or what else the text is called."""

    @property
    def content(self) -> str:
        """The part of the prompt that stands for it."""

    @property
    def inner(self) -> str:
        """The text without what is written around it."""


FileT = TypeVar("FileT", bound=LongText)


@dataclass(frozen=True, slots=True)
class AttachedFile:
    """A file as `attached` writes it into a prompt."""

    name: str
    inner: str

    @property
    def content(self) -> str:
        """The file with its name and its fence."""
        return attached(self.name, self.inner)


@dataclass(frozen=True, slots=True)
class Oversized(Generic[FileT]):
    """A prompt that is too long even without a conversation before it.

    Attributes:
        text: The prompt.
        file: Its longest text.
        preview: A request without the prompt.
        limit: The tokens that a request may have.
        room: The longest prompt that is sent, in tokens.
        price: The price of the model; None: not known.
        tpm: The tokens a minute; 0: not known.
    """

    text: str
    file: FileT
    preview: RequestPreview
    limit: int
    room: int
    price: Price | None = None
    tpm: int = 0

    @property
    def question(self) -> str:
        """The prompt without the text."""
        return self.text.replace(self.file.content, "", 1).strip() or "Sum it up."

    @property
    def lines(self) -> list[str]:
        """The lines of the text."""
        return self.file.inner.splitlines()

    def with_lines(self, first: int, last: int) -> str:
        """The prompt with some lines in place of all, counted from 1, the last one among them."""
        return self._with("\n".join(self.lines[first - 1 : last]))

    def _with(self, part: str) -> str:
        return self.text.replace(self.file.content, attached(self.file.name, part), 1)

    def tokens(self, prompt: str) -> int:
        """The tokens of a request with a prompt."""
        return self.preview.request(prompt).prompt_tokens

    def cost(self, usage: Usage) -> Decimal | None:
        """The list price of some tokens in US dollars; None where it is not known."""
        return price_of(usage, self.price)

    def first(self) -> int:
        """How many of the first lines there is room for."""
        around, bare = self.tokens(self._with("")), self.tokens("")
        return first_lines(self.lines, self.room - around, lambda text: self.tokens(text) - bare)

    def parts(self) -> Parts | None:
        """The parts in which all of it can be asked; None where they are too many."""
        text = self.file.inner.rstrip()  # as a file is sent, so that kept notes are found again
        return in_parts(self.question, self.file.name, text, self.room, self.tokens)

    def wait_s(self, tokens: int) -> float:
        """How long requests of so many tokens wait for TPM at least, in seconds."""
        if not self.tpm:
            return 0.0
        return max(0.0, (tokens / self.tpm - 1) * LimitKind.TPM.window_s)


def oversized(
    quota: QuotaService,
    models: AccountModels,
    preview: RequestPreview,
    text: str,
    files: Sequence[FileT],
    *,
    refused: GroqchatError | None = None,
) -> Oversized[FileT] | None:
    """A prompt that no limit ever lets pass, where one of its files is to blame.

    Args:
        quota: The limits of the account, as they were read last.
        models: The models of the account.
        preview: A request without the prompt, and without a conversation before it.
        text: The prompt.
        files: The long texts in it.
        refused: The server's refusal of the prompt as too large, if it was sent.
    """
    if not files:
        return None
    request = preview.request(text)
    error = quota.admission_error(request)
    if error is not None and error.facts.retry_after_s is None and error.facts.limit is not None:
        limit = round(error.facts.limit)
    elif refused is not None:
        # A server that refuses what seems to fit may not say what it takes.
        limit = round(refused.facts.limit or _SURELY * request.prompt_tokens)
    else:
        return None
    model = preview.options.model
    ever = quota.prompt_room(preview.options)
    room = min(round(_SHARE * limit), limit - LONGEST_NOTES, limit if ever is None else ever)
    level = quota.view(model).level(LimitKind.TPM)
    return Oversized(
        text,
        max(files, key=lambda each: len(each.content)),
        preview,
        limit,
        room,
        models.price_of(model),
        round(level.limit) if level and level.limit else 0,
    )
