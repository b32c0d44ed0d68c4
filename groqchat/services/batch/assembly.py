"""Puts together the batches of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.services.batch.batches import Batches
from groqchat.services.batch.estimates import Estimator

if TYPE_CHECKING:
    from collections.abc import Callable

    from groqchat.domain.batch.parts import BatchLimits
    from groqchat.services.account.connection import Connection
    from groqchat.services.batch.ports import BatchStore
    from groqchat.services.ports import Clock


def batches_of(
    connection: Connection,
    store: BatchStore,
    limits: BatchLimits,
    clock: Clock,
    new_id: Callable[[], str],
) -> Batches:
    """The batches of the account of a connection.

    Args:
        connection: The account.
        store: The submissions of this machine.
        limits: The most that one batch holds.
        clock: Time.
        new_id: Makes ids for submissions.
    """
    models = connection.models
    return Batches(
        server=connection.provider.batches,
        store=store,
        account=connection.account,
        place=connection.base_url,
        limits=limits,
        estimator=Estimator(
            connection.accounting.sizing.estimator,
            connection.quota.usual_answer,
            models.price_of,
        ),
        price_of=models.price_of,
        clock=clock,
        new_id=new_id,
    )
