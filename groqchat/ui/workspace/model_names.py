"""Models as people name them in commands of the chat: found, or told why they were not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.models.names import (
    ResolvedModel,
    UnclearModelError,
    UnknownModelError,
    resolved_model,
)

if TYPE_CHECKING:
    from groqchat.ui.workspace.account import Account


async def model_named(account: Account, word: str) -> ResolvedModel:
    """The chat model that a word means to the server that is asked.

    Before there is a connection, the catalogue answers; a name that is not in it waits for the list
    of the account.

    Raises:
        UnclearModelError: It means none, or several, or one that does not chat.
    """
    connection = account.connection
    if connection is None:
        try:
            return ResolvedModel(resolved_model(word, account.catalog))
        except UnknownModelError:
            connection = await account.started("the model is chosen")
            if connection is None:
                raise
    return await connection.models.called(word)


def sentence(mistake: UnclearModelError, key: str) -> str:
    """The sentence about an ambiguous name, with the key that lists the names.

    Args:
        mistake: What is wrong with it.
        key: As it is written, ``Ctrl+L``.
    """
    said = str(mistake)
    if isinstance(mistake, UnknownModelError):
        said = said[:1].upper() + said[1:]  # else it begins with a name
    if said.endswith("?"):
        return said
    if " may be " in said:
        return f"{said}."
    lists = "lists them" if isinstance(mistake, UnknownModelError) else "lists those that do"
    return f"{said}; {key} {lists}."
