"""The causes of the table for sound files, all of which are found before anything is sent."""

from __future__ import annotations

from groqchat.domain.errors.cause import Cause, ErrorKind

AUDIO_CAUSES = (
    Cause(
        "audio_unreadable", ErrorKind.STORAGE, "File not readable",
        "{parameter} cannot be read as sound: {detail}.",
        "Check the name, and whether a player plays the file; nothing of it was sent.",
        "Check files before they are queued.",
    ),
    Cause(
        "audio_type", ErrorKind.INVALID_REQUEST, "Type of file not taken",
        "{parameter} is none of the types that {vendor} takes.",
        "Convert it, or install {detail}, with which groqchat converts it; nothing was sent.",
        "Convert to FLAC with 16,000 samples a second.",
    ),
    Cause(
        "audio_too_big", ErrorKind.TOO_LARGE, "File too large to send",
        "{parameter} is larger than the 25 MB that {vendor} takes in one upload.",
        "Install {detail}, with which groqchat splits it; nothing was sent.",
        "Split long recordings in their pauses.",
    ),
    Cause(
        "recorder_missing", ErrorKind.STORAGE, "Nothing here records",
        "No program that records from a microphone is installed.",
        "Install {detail}, then try again.",
        "Install a recorder where people talk.",
    ),
    Cause(
        "recorder_failed", ErrorKind.STORAGE, "Recording ended",
        "{parameter} stopped recording: {detail}.",
        "Check that a microphone is connected and allowed, then try again.",
        "Try the recorder by itself.",
    ),
)  # fmt: skip
