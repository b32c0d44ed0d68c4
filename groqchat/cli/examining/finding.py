"""The result of one check of ``groqchat doctor``."""

from __future__ import annotations

from dataclasses import dataclass

from groqchat.cli.exit_codes import ExitCode


@dataclass(frozen=True, slots=True)
class Finding:
    """One check and its result; ``ok`` is None where it could not be made."""

    name: str
    ok: bool | None
    detail: str
    suggestion: str = ""
    exit_code: ExitCode = ExitCode.DONE

    @property
    def is_needed(self) -> bool:
        """True where nothing can be asked without it, so that its failure is one of the command."""
        return self.exit_code is not ExitCode.DONE
