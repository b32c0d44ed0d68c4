"""Endpoints of other vendors, opened when they are needed, each with accounting of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from groqchat.domain.errors.table import failure
from groqchat.domain.errors.tree import NoKeyError
from groqchat.domain.models.catalog import Catalog
from groqchat.domain.text.secret import fingerprint
from groqchat.services.ports import ChatProvider
from groqchat.services.quota.quota import Account, QuotaService
from groqchat.services.turns.accounting import Accounting
from groqchat.services.turns.vendor import Vendor

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from groqchat.domain.text.secret import Secret
    from groqchat.domain.turns.endpoints import Endpoint
    from groqchat.services.ports import Clock, Ledger, SessionStore
    from groqchat.services.turns.sent_requests import SentRequests


class EndpointProvider(ChatProvider, Protocol):
    """A provider at another vendor's endpoint."""

    async def ready(self) -> None:
        """Check that the endpoint can be asked here; raises ``GroqchatError`` if it cannot."""


class Endpoints:
    """The endpoints that the settings name, with limits and accounting apart from Groq's.

    Args:
        endpoints: The endpoints, by name.
        key_of: Finds the key of an endpoint.
        provider_for: Makes the provider of an endpoint.
        store: Where conversations live.
        ledger: Where requests are recorded.
        clock: Time.
        new_id: Makes ids for messages.
        sent: Keeps what is sent.
    """

    def __init__(
        self,
        endpoints: Mapping[str, Endpoint],
        key_of: Callable[[Endpoint], Awaitable[Secret]],
        provider_for: Callable[[Endpoint, Secret], EndpointProvider],
        *,
        store: SessionStore,
        ledger: Ledger,
        clock: Clock,
        new_id: Callable[[], str],
        sent: SentRequests | None = None,
    ) -> None:
        self._sent = sent
        self._endpoints = endpoints
        self._key_of = key_of
        self._provider_for = provider_for
        self._store = store
        self._ledger = ledger
        self._clock = clock
        self._new_id = new_id
        self._vendors: dict[str, Vendor] = {}
        self._providers: list[EndpointProvider] = []

    async def vendor(self, name: str) -> Vendor:
        """The vendor behind an endpoint, ready to be asked.

        Raises:
            GroqchatError: The endpoint cannot be asked: its key or a package is missing.
        """
        if name not in self._vendors:
            self._vendors[name] = await self._opened(self._endpoints[name])
        return self._vendors[name]

    async def close(self) -> None:
        """Close the connections."""
        for provider in self._providers:
            await provider.close()

    async def _opened(self, endpoint: Endpoint) -> Vendor:
        try:
            key = await self._key_of(endpoint)
        except NoKeyError as error:
            facts = {"vendor": endpoint.name, "parameter": endpoint.profile}
            raise failure("no_vendor_key", **facts) from error
        provider = self._provider_for(endpoint, key)
        await provider.ready()
        self._providers.append(provider)
        account = Account(endpoint.profile, fingerprint(key), provider=endpoint.name)
        # Nobody lists that vendor's limits; what its refusals tell is followed all the same.
        quota = QuotaService(account, self._ledger, Catalog({}), self._clock, None)
        accounting = Accounting(
            self._store, self._ledger, quota, account, lambda _: endpoint.price, clock=self._clock
        )
        return Vendor(
            provider,
            accounting,
            quota,
            clock=self._clock,
            new_id=self._new_id,
            sent=self._sent,
        )
