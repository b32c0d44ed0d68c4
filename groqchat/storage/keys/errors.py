"""Errors of keyrings, with advice for this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.domain.errors.keyring_advice import WITHOUT, advice, place
from groqchat.domain.errors.table import failure

if TYPE_CHECKING:
    from groqchat.domain.errors.tree import GroqchatError


def this_place() -> str:
    """The kind of this machine, as far as it matters for keyrings."""
    return place(sys.platform, os.environ, lambda path: Path(path).exists())


def keyring_error(cause: str, detail: str) -> GroqchatError:
    """The error for a cause such as ``keyring_locked``."""
    return failure(cause, detail=detail, advice=advice(cause, this_place()))


def failing_encryption(detail: str) -> GroqchatError:
    """The error for a KWallet without its encryption library."""
    hint = "Install what KWallet encrypts with (Debian and Ubuntu: libqca-qt5-2-plugins)."
    return failure("keyring_refused", detail=detail, advice=f"{hint} {WITHOUT}")


def misnamed(detail: str) -> GroqchatError:
    """The error for a keyring that the user has named but that is unusable."""
    hint = "Correct PYTHON_KEYRING_BACKEND or keyringrc.cfg, or remove it."
    return failure("keyring_missing", detail=detail, advice=f"{hint} {WITHOUT}")
