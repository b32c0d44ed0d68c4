"""How far a turn goes in which tools are called."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_TOKENS = 200
"""What the result of a call may have where room is scarce, in estimated tokens."""


@dataclass(frozen=True, slots=True)
class ToolBounds:
    """The bounds of a turn.

    Attributes:
        rounds: The most rounds of calls; each is a request that holds all before it.
        result_tokens: The longest result of a call, in estimated tokens.
    """

    rounds: int = 8
    result_tokens: int = 2_000

    @property
    def refusal(self) -> str:
        """The result of a call beyond the last round."""
        rounds = "1 round" if self.rounds == 1 else f"{self.rounds} rounds"
        return f"Not run: a turn has at most {rounds} of calls. Answer with what is known so far."

    def room_for_each(self, left: int | None, calls: int) -> int:
        """The tokens that the result of each of several calls may have.

        Half of what is left stays free for the answer and for further rounds.

        Args:
            left: The tokens that the next prompt may grow by; None where no limit is known.
            calls: The number of calls.
        """
        if left is None:
            return self.result_tokens
        return max(LEAST_TOKENS, min(self.result_tokens, left // (2 * max(1, calls))))


TOOL_BOUNDS = ToolBounds()
"""The bounds where the settings say nothing."""
