"""The price of a batch before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from groqchat.domain.images.image import IMAGE_TOKENS
from groqchat.domain.money.pricing import Cost, audio_cost, cost_of
from groqchat.domain.money.usage import Usage
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.request import RequestMessage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from groqchat.domain.batch.lines import BatchLine
    from groqchat.domain.money.pricing import Price
    from groqchat.domain.turns.tokens import TokenEstimator

_BOUNDS = ("max_completion_tokens", "max_tokens")


@dataclass(frozen=True, slots=True)
class BatchEstimate:
    """What a batch will probably use and cost, at half the list price.

    ``unknown`` is the number of lines whose price or length is not known; with one of them the
    cost is None.
    """

    lines: int
    prompt_tokens: int = 0
    completion_tokens: int = 0
    audio_s: float = 0.0
    known_cost: Decimal = Decimal(0)
    unknown: int = 0

    @property
    def cost(self) -> Decimal | None:
        """The probable cost in US dollars; None where a part of it is not known."""
        return None if self.unknown else self.known_cost


@dataclass(frozen=True, slots=True)
class Estimator:
    """Estimates batches.

    ``tokens_of`` gives the estimator of a model's tokens, ``usual_answer`` the expected tokens of
    its answers, ``price_of`` its price right now, None where unknown.
    """

    tokens_of: Callable[[str], TokenEstimator]
    usual_answer: Callable[[str], int]
    price_of: Callable[[str], Price | None]

    def estimate(self, lines: Iterable[BatchLine]) -> BatchEstimate:
        """The estimate for some lines."""
        number = unknown = prompt = completion = 0
        audio_s, total = 0.0, Decimal(0)
        for line in lines:
            number += 1
            cost: Cost | None
            if line.is_audio:
                audio_s += line.audio_s or 0.0
                cost = self._audio(line)
            else:
                usage = self._usage(line)
                prompt += usage.prompt_tokens
                completion += usage.completion_tokens
                cost = cost_of(usage, self.price_of(line.model), batch=True)
            total += cost.total if cost else 0
            unknown += cost is None
        return BatchEstimate(number, prompt, completion, audio_s, total, unknown)

    def _audio(self, line: BatchLine) -> Cost | None:
        if line.audio_s is None:
            return None
        return audio_cost(Decimal(str(line.audio_s)), self.price_of(line.model), batch=True)

    def _usage(self, line: BatchLine) -> Usage:
        body = line.body()
        messages = body.get("messages")
        spoken = [_spoken(each) for each in messages] if isinstance(messages, list) else []
        is_json = body.get("response_format") is not None
        texts = [RequestMessage(role, text) for role, text, _ in spoken]
        length = self.tokens_of(line.model).prompt(texts, is_json=is_json)
        images = IMAGE_TOKENS * sum(images for _, _, images in spoken)
        usual = self.usual_answer(line.model)
        bounds = [value for name in _BOUNDS if isinstance(value := body.get(name), int)]
        return Usage(length.tokens + images, completion_tokens=min([usual, *bounds]))


def _spoken(message: dict[str, object]) -> tuple[Role, str, int]:
    """The role, the text and the number of images of a message."""
    told = str(message.get("role"))
    role = Role(told) if told in set(Role) else Role.USER
    content = message.get("content")
    parts = content if isinstance(content, list) else [{"text": content}]
    known = [part for part in parts if isinstance(part, dict)]
    texts = [text for part in known if isinstance(text := part.get("text"), str)]
    return role, "\n".join(texts), sum("image_url" in part for part in known)
