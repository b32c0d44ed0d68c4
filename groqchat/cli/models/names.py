"""Finds the models that a command line names, by id or by any unambiguous name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.cli.output import DIM, narrate
from groqchat.domain.models.catalog import Catalog, Model
from groqchat.domain.models.names import UnclearModelError, UnknownModelError, resolved_model

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.services.account.connection import Connection


async def asked_model(connection: Connection, name: str) -> str:
    """The id of the model to ask; where the name is not the id, the id is narrated.

    Raises:
        MisuseError: The name means several models, none, or one that does not chat.
    """
    try:
        called = await connection.models.called(name)
    except UnclearModelError as error:
        raise MisuseError(str(error)) from None
    if called.doubt:
        narrate(f"groqchat: {called.doubt} It is asked anyway.", DIM)
    elif called.id != name:
        narrate(f"groqchat: {name} is {called.id}.", DIM)
    return called.id


def one_of(name: str, ids: Iterable[str]) -> str:
    """The id among some that a name means; an unclear name is returned unchanged."""
    try:
        return resolved_model(name, Catalog({each: Model(each) for each in ids}), for_chat=False)
    except UnclearModelError:
        return name


def named_model(connection: Connection, name: str) -> Model:
    """The model of any kind that a name means; a name that nobody knows is taken as an id.

    Raises:
        MisuseError: The name means several models.
    """
    id_ = model_id(name, connection.models.catalog)
    if id_ != name:
        narrate(f"groqchat: {name} is {id_}.", DIM)
    return connection.models.model(id_)


def model_id(name: str, catalog: Catalog) -> str:
    """The id of the model of any kind that a name means; an unknown name is taken as an id.

    Raises:
        MisuseError: The name means several models.
    """
    try:
        return resolved_model(name, catalog, for_chat=False)
    except UnknownModelError:
        return name
    except UnclearModelError as error:
        raise MisuseError(str(error)) from None


def listed_model(name: str, catalog: Catalog) -> str:
    """The id of any model of a catalogue, also of one that does not chat.

    Raises:
        MisuseError: The name means several models, or none.
    """
    try:
        return resolved_model(name, catalog, for_chat=False)
    except UnclearModelError as error:
        raise MisuseError(str(error)) from None
