"""Transcripts of pieces that are paid, kept until the text of their whole file is delivered."""

from __future__ import annotations

import hashlib
import json
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.audio.requests import AudioOptions
    from groqchat.domain.audio.splitting import Span
    from groqchat.domain.audio.transcript import Transcript


@dataclass(frozen=True, slots=True)
class KeptPiece:
    """The transcript of a piece.

    ``digest`` names the sound and how it was transcribed. ``time`` is a Unix time and ``length_s``
    the length of the piece, both in seconds.
    """

    digest: str
    time: float
    length_s: float
    transcript: Transcript


def piece_digest(file_digest: str, span: Span, options: AudioOptions, place: str) -> str:
    """The name of a piece: equal where the same sound is asked for in the same way.

    Args:
        file_digest: Of the content of the file.
        span: The piece of it.
        options: How it is transcribed.
        place: The address of the server.
    """
    asked = (file_digest, astuple(span), astuple(options), place)
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()
