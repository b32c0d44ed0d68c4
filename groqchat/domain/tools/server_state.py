"""Whether a server of tools works, as far as it is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.domain.tools.listing import Listing


class State(StrEnum):
    """The state of a server."""

    IDLE = "not started"
    STARTING = "starting"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ServerState:
    """The state of a server, with what it offered or what was wrong last."""

    state: State
    problem: GroqchatError | None = None
    listing: Listing | None = None
