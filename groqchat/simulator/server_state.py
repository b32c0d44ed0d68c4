"""The state of a simulated server: its models, limits, clock, faults and recorded answers."""

from __future__ import annotations

import random
from collections import Counter, OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from groqchat.domain.models.catalog import Catalog
from groqchat.simulator.cache import PromptCache
from groqchat.simulator.faults.faults import Faults
from groqchat.simulator.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from groqchat.domain.limits.quota import LimitKind
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.money.usage import Usage
    from groqchat.simulator.clock import Clock
    from groqchat.simulator.options import Options
    from groqchat.simulator.stored import Batch, StoredFile

_REMEMBERED = 1_000
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class RecordedAnswer:
    """The answer that was sent to a request, for a test to compare with what it received."""

    request_id: str
    model: str
    content: str
    reasoning: str
    finish_reason: str
    usage: Usage


class ServerState:
    """Everything of a server that outlives a single request."""

    def __init__(
        self,
        models: Catalog | Iterable[Model],
        options: Options,
        clock: Clock,
        narrate: Callable[[str], None],
    ) -> None:
        listed = models.models.values() if isinstance(models, Catalog) else models
        self.models = {model.id: model for model in listed}
        self.options = options
        self.clock = clock
        self.narrate = narrate
        self.limits = Limits({m.id: m.limits.get(options.plan, {}) for m in self.models.values()})
        self.cache = PromptCache()
        self.faults = Faults(options.faults)
        self.answers: OrderedDict[str, RecordedAnswer] = OrderedDict()
        self.files: dict[str, StoredFile] = {}
        self.batches: dict[str, Batch] = {}
        self.times_asked: Counter[str] = Counter()
        self._random = random.Random(options.seed)  # noqa: S311  # ids of a pretend service guard nothing

    def new_id(self, prefix: str) -> str:
        """A new id in Groq's form: the prefix and 26 characters."""
        return f"{prefix}01{''.join(self._random.choices(_CROCKFORD, k=24))}"

    def new_uuid(self) -> str:
        """A new id in the form of a UUID."""
        digits = f"{self._random.getrandbits(128):032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def new_seed(self) -> int:
        """A new seed for an answer to report."""
        return self._random.randrange(2**31)

    def remember(self, answer: RecordedAnswer) -> None:
        """Record an answer; beyond 1,000 of them the oldest is dropped."""
        self.answers[answer.request_id] = answer
        if len(self.answers) > _REMEMBERED:
            self.answers.popitem(last=False)

    def remaining(self, model: str) -> dict[LimitKind, int]:
        """The amount left in each bucket of a model at this moment."""
        return self.limits.remaining(model, self.clock.now())
