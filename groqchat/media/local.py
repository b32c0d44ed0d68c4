"""Sound on this machine; what reads and records it is loaded when it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.services.audio.ports import Recorder
    from groqchat.services.audio.sources import Sources


class LocalSound:
    """What sound files are read with, and what records.

    Args:
        install_command: The command that installs a package here.
    """

    def __init__(self, install_command: Callable[[str], str]) -> None:
        self._install_command = install_command

    def sources(self) -> Sources:
        """What looks at sound files."""
        from groqchat.media.tools import PYAV, audio_sources

        return audio_sources(self._install_command(PYAV))

    def length_of(self, content: bytes) -> float | None:
        """The length of the sound in a file's content, in seconds; None where it cannot be told."""
        from groqchat.media.tools import length_of_content

        return length_of_content(content)

    def recorder(self) -> Recorder:
        """The program that records.

        Raises:
            GroqchatError: There is none.
        """
        from groqchat.domain.errors.table import failure
        from groqchat.media.recorders import recorder, what_to_install

        found = recorder()
        if found is None:
            raise failure("recorder_missing", detail=what_to_install(self._install_command))
        return found
