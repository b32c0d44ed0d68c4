"""Shows the images of the prompts that were sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.images.image import images_in
from groqchat.domain.turns.chat import Role
from groqchat.ui.dialogs.image_viewer import first_named, show_images

if TYPE_CHECKING:
    from groqchat.ui.workspace.workspace import Workspace


async def show_images_of(workspace: Workspace, message_id: str, words: str = "") -> None:
    """Show the images of a message, first the one whose words begin so."""
    message = await workspace.conversation.branch.message(message_id)
    images = images_in(message.content) if message else ()
    if not images:
        workspace.notify("This message has no image.")
        return
    first = first_named(images, words)
    await show_images(images, workspace.services.store, workspace.ask, first=first)


async def show_last_images(workspace: Workspace) -> bool:
    """Show the images of the newest prompt that has any; returns whether one of the last has."""
    branch = workspace.conversation.branch
    for message in reversed(await branch.end_at(branch.leaf_id)):
        if message.role is Role.USER and (images := images_in(message.content)):
            await show_images(images, workspace.services.store, workspace.ask)
            return True
    return False
