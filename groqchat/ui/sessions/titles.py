"""The title of a session by a model, whose price is said before it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import Session
    from groqchat.ui.workspace.workspace import Workspace


async def title_by(workspace: Workspace, session: Session, model: str) -> str:
    """Have a model write a title, once the user has agreed to its cost; empty where none is there.

    Args:
        workspace: The parts of the chat.
        session: The session.
        model: The model that the user named; empty: the cheapest one.
    """
    from groqchat.ui.dialogs.confirm import Confirm

    connection = await workspace.account.ready("the title is asked for")
    if connection is None:
        workspace.prompt.offer_command("rename", f"auto {model}".strip())
        return ""
    if model and model not in {each.id for each in connection.models.others("")}:
        said = f"/rename auto {model}: /model lists the models, /rename auto asks the cheapest one."
        workspace.prompt.refuse(said, "rename", f"auto {model}")
        return ""
    plan = await connection.titles.plan(session, model)
    if plan is None:
        workspace.notify("There is nothing to name yet; this session has no message.")
        return ""
    if not await workspace.ask(Confirm(plan.question, "Ask for a title")):
        return ""
    title = await connection.titles.write(plan)
    await workspace.figures.refresh()
    if not title.text:
        workspace.notify(f"{plan.model} wrote no title; the session keeps its own.")
    return title.text
