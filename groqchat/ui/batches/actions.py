"""The command about batches: the window, and what is done from it."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.text.humanize import counted, money
from groqchat.ui.terminal.files import path_from

if TYPE_CHECKING:
    from groqchat.domain.batch.submission import Submission
    from groqchat.services.batch.batches import Batches
    from groqchat.ui.batches.screen import BatchAction
    from groqchat.ui.workspace.workspace import Workspace


class BatchActions:
    """The command that opens the window of batches."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    async def show_batches(self, _: str) -> None:
        """Open the window, and again after each action."""
        from groqchat.ui.batches.screen import BatchScreen

        workspace = self._workspace
        connection = await workspace.account.ready("the batches open")
        if connection is None:
            return
        batches = workspace.services.batches(connection)
        said = last = ""
        while True:
            submissions = await batches.store.submissions()
            window = BatchScreen(submissions, batches.all_refreshed, said, last)
            wish = await workspace.ask(window)
            if wish is None:
                return
            action, submission = wish
            last = submission.id
            try:
                said = await self._done(batches, action, submission)
            except GroqchatError as error:
                said = f"{error.message} {error.suggestion}"

    async def _done(self, batches: Batches, action: BatchAction, submission: Submission) -> str:
        """Do what was chosen; returns what happened, in a sentence."""
        from groqchat.ui.batches.screen import BatchAction

        match action:
            case BatchAction.SAVE:
                return await self._save(batches, submission)
            case BatchAction.CANCEL:
                return await self._cancel(batches, submission)
            case BatchAction.RESUBMIT:
                return await self._resubmit(batches, submission)

    async def _save(self, batches: Batches, submission: Submission) -> str:
        """Write the results beside where the program was started."""
        from groqchat.services.batch.exports import result_texts

        async with aclosing(result_texts(batches.store, submission)) as texts:
            text = "".join([each async for each in texts])
        path = path_from(f"groqchat-{submission.shown_id}.jsonl")
        save = self._workspace.services.save_export
        saved = save(path, text, lambda there: there == text, is_chosen=True)
        return f"Saved as {saved}."

    async def _cancel(self, batches: Batches, submission: Submission) -> str:
        if submission.is_over:
            return "It has ended already."
        question = (
            f"Cancel {submission.name}? What is answered until then is kept and paid; the other "
            "lines are not answered."
        )
        if not await self._confirmed(question, "Cancel it"):
            return ""
        cancelled = await batches.cancel(submission)
        return f"It is {cancelled.status}."

    async def _resubmit(self, batches: Batches, submission: Submission) -> str:
        """Send the failed and expired lines again, once the price was agreed to."""
        if not submission.is_over:
            return "It has not ended yet."
        lines = await batches.store.to_resubmit(submission.id)
        if not lines:
            again_as = ", ".join(submission.resubmitted_as)
            sent = f" They were sent again as {again_as}." if again_as else ""
            return f"No line is left that failed or expired.{sent}"
        window = batches.limits.longer_window(submission.window)
        again, estimate = batches.plan(submission.name, lines, window, resubmits=submission)
        question = (
            f"Send {counted(len(lines), 'line')} again, to be answered within {window}, for about "
            f"{money(estimate.cost)}?"
        )
        if not await self._confirmed(question, "Resubmit"):
            return ""
        with batches.alone(again):
            connection = self._workspace.account.connection
            if connection is not None:
                await connection.budget.check_batch(again.id, again.estimate)
            async with aclosing(batches.submit(again, lines)) as steps:
                async for _ in steps:
                    pass
        return f"{counted(len(lines), 'line')} sent again."

    async def _confirmed(self, question: str, verb: str) -> bool:
        from groqchat.ui.dialogs.confirm import Confirm

        agreed = await self._workspace.ask(Confirm(question, verb))
        return agreed is True
