"""The compaction of a conversation that outgrows a limit: what is left out, and what that frees."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from groqchat.domain.text.humanize import count, counted, exact_money, money
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.domain.turns.tokens import Length

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from groqchat.domain.turns.chat import Message

INSTRUCTION = (
    "Summarise the conversation so far, so that it can be continued from your summary alone. Keep "
    "names, numbers, decisions, open questions, and code that is still needed. Use the language "
    "of the conversation, at most 300 words, and add nothing that was not said."
)
"""The prompt that asks for a summary; it is sent with the summary from then on."""
SUMMARY_TOKENS = 450
"""The tokens that a summary probably has: 300 words in most languages."""
LONGEST_SUMMARY = 1_024
"""The most tokens that are asked for; a model that reasons first needs them."""
# The turns that a compaction keeps where nothing makes it leave out more.
_KEPT_AT_WILL = 2


class Way(StrEnum):
    """The way in which a conversation is made shorter."""

    OLDEST = "oldest"
    SUMMARY = "summary"
    NEW_SESSION = "new"


AUTOMATIC = (Way.OLDEST, Way.SUMMARY)
"""The ways that a session may take unasked: the user stays in it."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A prompt and what answers it, as they are sent: the first message, and the length of all."""

    first_id: str
    length: Length


@dataclass(frozen=True, slots=True)
class Context:
    """What is sent before a prompt: the summary of earlier turns, and the turns themselves."""

    summary: Length
    turns: Sequence[Turn]

    @classmethod
    def of(cls, sent: Sequence[Message], length_of: Callable[[Role, str], Length]) -> Context:
        """The context that some messages make up.

        Args:
            sent: The messages, as `groqchat.domain.turns.context.context` gives them.
            length_of: Estimates the length of one message.
        """
        summary, turns = Length(), list[Turn]()
        for message in sent:
            length = length_of(message.role, message.content)
            if message.kind is MessageKind.SUMMARY:
                summary += length
            elif message.role is Role.USER or not turns:
                turns.append(Turn(message.id, length))
            else:
                turns[-1] = Turn(turns[-1].first_id, turns[-1].length + length)
        return cls(summary, turns)

    def freed_by(self, turns: int, *, is_summarised: bool) -> int:
        """The tokens by which a prompt is shorter without the oldest turns.

        Args:
            turns: The number of turns that are left out.
            is_summarised: Whether a summary takes their place, and that of an earlier summary.
        """
        freed = sum(turn.length.tokens for turn in self.turns[:turns])
        return freed - SUMMARY_TOKENS + self.summary.tokens if is_summarised else freed

    def turns_over(self, room: int, *, is_summarised: bool) -> int:
        """The fewest of the oldest turns without which the others surely take so much room.

        Args:
            room: The tokens that the context may take, in whatever way its texts are counted.
            is_summarised: Whether a summary takes the place of the turns.

        Returns:
            The number of turns; all where that is not enough.
        """
        summary = Length(SUMMARY_TOKENS) if is_summarised else self.summary
        for turns in range(1, len(self.turns)):
            kept = sum((turn.length for turn in self.turns[turns:]), summary)
            if _most(kept) <= room:
                return turns
        return len(self.turns)

    def turns_freeing(self, tokens: int) -> int | None:
        """The fewest of the oldest turns that take so many tokens; None: all take fewer."""
        numbers = range(1, len(self.turns) + 1)
        return next((n for n in numbers if self.freed_by(n, is_summarised=False) >= tokens), None)

    def without(self, turns: int, *, is_summarised: bool) -> int:
        """The tokens of the context without the oldest turns."""
        summary = SUMMARY_TOKENS if is_summarised else self.summary.tokens
        return summary + sum(turn.length.tokens for turn in self.turns[turns:])

    @property
    def turns_at_will(self) -> int:
        """The number of turns that are left out where the user asks for it and none has to go."""
        return max(1, len(self.turns) - _KEPT_AT_WILL)

    def kept_from(self, turns: int) -> str | None:
        """The first message that is sent without the oldest turns; None: none is."""
        return self.turns[turns].first_id if turns < len(self.turns) else None

    def parts(self, turns: int, room: int, instruction: Length) -> tuple[int, ...] | None:
        """The requests in which the oldest turns are summarised, one after another.

        Each holds the summary of the one before it and as many turns as fit.

        Args:
            turns: The number of turns that are summarised.
            room: The longest prompt that the summarising model takes, in tokens.
            instruction: The length of the prompt that asks for a summary.

        Returns:
            For each request the number of turns that are summarised with it, those before it
            included; None where one turn alone is too long.
        """
        parts: list[int] = []
        carried = self.summary + instruction
        length = carried
        for number, turn in enumerate(self.turns[:turns]):
            if _most(length + turn.length) > room and number > (parts[-1] if parts else 0):
                parts.append(number)
                length = carried = Length(0.0, SUMMARY_TOKENS) + instruction + instruction
            length += turn.length
            if _most(length) > room:
                return None
        return (*parts, turns)

    def prompt_tokens(self, parts: Sequence[int], instruction: Length) -> int:
        """The tokens of all prompts that summarise the turns in these parts."""
        again = (len(parts) - 1) * (SUMMARY_TOKENS + 2 * instruction.tokens)
        turns = sum(turn.length.tokens for turn in self.turns[: parts[-1]])
        return self.summary.tokens + instruction.tokens + turns + again


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to make a conversation shorter, with what it frees and what it costs.

    Attributes:
        way: The way.
        turns: The number of the oldest turns that are not sent any more.
        kept_from: The first message that is still sent; None: none is.
        freed: The tokens by which the next prompt is shorter.
        parts: For each request of a summary the first message that it does not hold, or None.
        model: The model that writes the summary; empty: nobody is asked.
        cost: The probable price in US dollars; None: it is not known.
    """

    way: Way
    turns: int
    kept_from: str | None
    freed: int
    parts: tuple[str | None, ...] = ()
    model: str = ""
    cost: Decimal | None = Decimal(0)

    @property
    def _oldest(self) -> str:
        turns = "turn" if self.turns == 1 else counted(self.turns, "turn")
        return f"the oldest {turns}"

    @property
    def title(self) -> str:
        """The plan in a few words; the maker of the model is left out."""
        model = self.model.rpartition("/")[2]
        match self.way:
            case Way.OLDEST:
                return f"Leave out {self._oldest}"
            case Way.SUMMARY:
                return f"Summary of {counted(self.turns, 'turn')} by {model}"
        return f"New session from a summary by {model}"

    @property
    def price(self) -> str:
        """The price in words."""
        if not self.model:
            return "no cost"
        requests = f" in {len(self.parts)} requests" if len(self.parts) > 1 else ""
        return f"≈ {money(self.cost)}{requests}" if self.cost is not None else "price unknown"

    @property
    def effect(self) -> str:
        """The price of the plan, and the tokens that it frees, in words."""
        return f"{self.price} · frees ≈ {count(self.freed)} tokens"

    def record(self, cost: Decimal | None, *, is_automatic: bool) -> str:
        """The note that stays in the transcript.

        Args:
            cost: What the plan has cost, in US dollars; None: it is not known.
            is_automatic: Whether the session did it unasked.
        """
        what = {
            Way.OLDEST: f"{self._oldest} left out from here on",
            Way.SUMMARY: f"summary by {self.model} sent in place of {self._oldest}",
            Way.NEW_SESSION: f"goes on from the summary by {self.model}",
        }[self.way]
        told = exact_money(cost) if cost is not None else "unknown"
        price = f"cost {told}" if self.model else "no cost"
        by = ["automatic"] if is_automatic else []
        return " · ".join([*by, what, f"≈ {count(self.freed)} tokens freed", price])


def _most(length: Length) -> int:
    return length.tokens + length.doubt
