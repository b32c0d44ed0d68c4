"""Commands about the text in the composer: earlier prompts, editor, files, sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.images.image import cost_words
from groqchat.domain.text.humanize import count
from groqchat.ui.audio.desk import AudioDesk
from groqchat.ui.audio.files import FileTranscriber
from groqchat.ui.audio.talk import Talk
from groqchat.ui.prompts.actions import PromptActions
from groqchat.ui.widgets.attaching.attachments import ENTER_SENDS, Attaching
from groqchat.ui.widgets.prompt_recall import Recall
from groqchat.ui.widgets.text import KeyHint
from groqchat.ui.workspace.estimates import image_share

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from groqchat.domain.errors.tree import GroqchatError
    from groqchat.ui.audio.desk import Again
    from groqchat.ui.workspace.workspace import Workspace


class ComposingActions:
    """Commands that write to the composer.

    Args:
        workspace: The parts of the chat; services, composer, windows and errors are used.
        edit: Has a text edited in the user's editor; raises ``StorageError``.
        show_audio_error: Shows an error of sound, and does what is given with it once more.
    """

    def __init__(
        self,
        workspace: Workspace,
        edit: Callable[[str], str],
        show_audio_error: Callable[[GroqchatError, Again | None], None],
    ) -> None:
        self._workspace = workspace
        self._edit = edit
        self._recall = Recall(workspace.services.drafts, workspace.composer.area)
        self._attaching = Attaching(
            workspace.composer.area,
            self._reading,
            workspace.services.pages,
            workspace.services.store,
        )
        desk = AudioDesk(workspace, self._attaching, show_audio_error)
        self.files = FileTranscriber(desk)
        self.talk = Talk(desk)
        self.prompts = PromptActions(workspace, edit)

    def stop_work(self) -> bool:
        """Stop recording, transcribing or reading files; returns whether any was going on."""
        return self.talk.stop() or self.files.stop() or self._attaching.stop()

    async def recall(self, step: int, before: str) -> None:
        """Go through the prompts sent before."""
        await self._recall.step(step, before)

    async def search_history(self, _: str) -> None:
        """Find a prompt sent before."""
        from groqchat.ui.dialogs.prompt_history import find_prompt

        workspace = self._workspace
        await find_prompt(workspace.ask, workspace.services.drafts, workspace.composer.area)

    async def open_editor(self, _: str) -> None:
        """Write the prompt in an editor."""
        composer = self._workspace.composer
        if self._workspace.services.is_incognito:  # it would write the text to a file
            self._workspace.notify("An editor writes files; write here in an incognito chat.")
            return
        try:
            composer.text = self._edit(composer.text)
        except StorageError as error:
            self._workspace.show_error(error)

    async def show_chip(self, _: str) -> None:
        """Show what is attached at the cursor, else the images that were sent last."""
        from groqchat.ui.dialogs.chip_viewer import NO_CHIP, show_nearest_chip
        from groqchat.ui.sessions.shown_images import show_last_images

        workspace = self._workspace
        is_shown = await show_nearest_chip(workspace.composer.area, workspace.ask)
        if not is_shown and not await show_last_images(workspace):
            workspace.notify(NO_CHIP)

    async def attach_file(self, argument: str) -> None:
        """Add a file's text to the prompt."""
        workspace = self._workspace
        if not argument:
            workspace.notify("Write /attach and a path, or @path in the prompt.")
            workspace.prompt.offer_command("attach")
            return
        try:
            await self._attaching.attach(argument)
        except StorageError as error:
            said = f"Nothing is attached: {error.facts.detail}."
            workspace.prompt.refuse(said, "attach", argument)

    async def attach_copied(self, _: str) -> None:
        """Add the image in the clipboard to the prompt."""
        from groqchat.services.images.clipboard import clipboard_image

        try:
            image = await clipboard_image()
        except ValueError as mistake:
            self._workspace.notify(str(mistake), severity="warning")
            return
        await self._attaching.attach_images([image])
        self._say_attached(
            f"{image.words} ({cost_words(1)}) stands below the prompt now{ENTER_SENDS}"
        )

    def attach_named(self, text: str, send: Callable[[str], None]) -> bool:
        """Add the files that a prompt names; see `Attaching.holds_up`."""
        return self._attaching.holds_up(text, self._say_attached, send)

    def _say_attached(self, said: str) -> None:
        problem = self._workspace.image_problem(self._workspace.composer.text)
        if problem:  # Enter would not send it
            said = said.replace(ENTER_SENDS, ".")
        view = self._workspace.figures.view
        text = self._workspace.composer.text
        share = image_share(text, view) if view and not problem else ""
        share = share and f"Its images take {share}."
        self._workspace.notify(" ".join(filter(None, (said, share, problem or self._too_long()))))

    def _reading(self) -> AbstractContextManager[object]:
        stop = KeyHint("Esc", "stop", "escape")

        def press(_: str) -> None:
            self._attaching.stop()

        return self._workspace.showing(
            "Reading what the prompt names",
            lambda: "You can write on meanwhile. Enter sends it once that is done.",
            lambda: [stop],
            press,
        )

    def _too_long(self) -> str:
        """What to do about a prompt that is too long for good; empty where it may be sent."""
        workspace = self._workspace
        connection, preview = workspace.account.connection, workspace.figures.preview()
        if connection is None or preview is None or workspace.conversation.is_busy:
            return ""
        request = preview.request(workspace.composer.text)
        error = connection.quota.admission_error(request)
        if error is None or error.facts.retry_after_s is not None:
            return ""
        return (
            f"But it is too long: ≈ {count(request.prompt_tokens)} tokens of at most "
            f"{count(error.facts.limit)}. Enter shows what of it can be sent, with prices; Ctrl+Z "
            "takes it out."
        )
