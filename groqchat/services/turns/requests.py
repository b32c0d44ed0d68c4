"""Builds requests from the branch of a conversation that they continue."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.models.parameters import fitted, refused_parameters
from groqchat.domain.models.vision import most_images
from groqchat.domain.turns.answered_calls import with_results
from groqchat.domain.turns.chat import Role
from groqchat.domain.turns.context import context, has_compaction, summarised
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.domain.turns.request import ChatRequest, RequestMessage
from groqchat.domain.turns.sent_images import with_bytes, with_newest_images
from groqchat.domain.turns.thoughts import without_thoughts
from groqchat.services.turns.sizing import RequestPreview

if TYPE_CHECKING:
    from collections.abc import Sequence

    from groqchat.domain.tools.tool import Tool
    from groqchat.domain.turns.chat import Message, Options
    from groqchat.services.ports import SessionStore
    from groqchat.services.turns.sizing import Sizing
    from groqchat.services.turns.vendor import Vendor

# Messages at the end of a branch among which there mostly is an answer that the server counted.
_FEW = 8


class RequestBuilder:
    """Builds requests from stored messages.

    Args:
        store: Where conversations live.
        tools: The tools that are offered, in their order.
    """

    def __init__(self, store: SessionStore, tools: tuple[Tool, ...] = ()) -> None:
        self._store = store
        self._tools = tools

    def build(
        self, vendor: Vendor, prompt: Message, options: Options, continuing: Message | None
    ) -> asyncio.Future[ChatRequest]:
        """The request that answers a prompt, in the form that the model takes.

        The vendor's limits for the model are read again from the ledger, and the messages before
        the prompt at the same time; both begin to be read before this is awaited.

        Args:
            vendor: The vendor that will be asked.
            prompt: The prompt, which need not be stored yet.
            options: Model and parameters.
            continuing: The cut-off answer that the new one begins with.

        Raises:
            StorageError: The messages or the ledger cannot be read.
        """
        reading = asyncio.gather(
            vendor.quota.follow(options.model), self._before(prompt, options.history)
        )
        building = asyncio.ensure_future(
            self._composed(reading, vendor, prompt, options, continuing)
        )
        # Whoever stops for another error never asks for this one, and asyncio would print it.
        building.add_done_callback(lambda done: done.cancelled() or done.exception())
        return building

    async def _composed(
        self,
        reading: asyncio.Future[tuple[None, Sequence[Message]]],
        vendor: Vendor,
        prompt: Message,
        options: Options,
        continuing: Message | None,
    ) -> ChatRequest:
        _, before = await reading
        options = fitted(options, vendor.model_of(options.model))
        path = with_results([*before, *_with_text([prompt])])
        images = most_images(vendor.model_of(options.model), options.provider)
        spoken = [RequestMessage.of(message) for message in path]
        begun = without_thoughts(continuing.content) if continuing else ""
        if options.system:
            spoken.insert(0, RequestMessage(Role.SYSTEM, options.system))
        if begun:
            spoken.append(RequestMessage(Role.ASSISTANT, begun))
        if any(each.images for each in spoken):
            spoken = await self._with_images(spoken, images)
        tools = self._offered(vendor, options)
        length = vendor.accounting.sizing.length(path, options, begun, tools, images)
        return ChatRequest(
            tuple(spoken), options, length.tokens, length.doubt, length.excess, tools=tools
        )

    async def _with_images(
        self, spoken: Sequence[RequestMessage], most: int
    ) -> list[RequestMessage]:
        """The messages with those of their images that are sent."""
        sent = with_newest_images(spoken, most)
        wanted = [image.digest for each in sent for image in each.images]
        return list(with_bytes(sent, await self._store.images(wanted)))

    def _offered(self, vendor: Vendor, options: Options) -> tuple[Tool, ...]:
        """The tools, for a model that is not known to be without them."""
        model = vendor.model_of(options.model)
        is_refused = "tools" in refused_parameters(model, {"tools": self._tools})
        return () if is_refused or "tools" in options.dropped else self._tools

    async def preview(
        self, vendor: Vendor, parent_id: str | None, options: Options
    ) -> RequestPreview:
        """The request of a prompt that is still being written.

        Args:
            vendor: The vendor that will be asked.
            parent_id: The message that the prompt follows; None begins a conversation.
            options: Model and parameters.

        Raises:
            StorageError: The messages before the prompt cannot be read.
        """
        sizing = vendor.accounting.sizing
        options = fitted(options, vendor.model_of(options.model))
        path = await self._uncounted_end(sizing, parent_id, options) if parent_id else ()
        tools = self._offered(vendor, options)
        images = most_images(vendor.model_of(options.model), options.provider)
        length = sizing.length(path, options, tools=tools, images=images)
        return RequestPreview(options, length, sizing.estimator(options.model), tools, images)

    async def _uncounted_end(
        self, sizing: Sizing, leaf_id: str, options: Options
    ) -> Sequence[Message]:
        """The end of a context, beginning with the last answer that the server has counted."""
        if options.history is not None:
            return await self._newest(leaf_id, options.history - 1)
        limit: int | None = _FEW
        while True:
            path = await self._store.path(leaf_id, limit=limit)
            sent = context(path)
            is_known = any(sizing.counted(each, options) for each in sent)
            if limit is None or is_known or len(path) < limit:
                return with_results(_with_text(sent))
            limit = None if has_compaction(path) else limit * 4

    async def _before(self, prompt: Message, history: int | None) -> Sequence[Message]:
        """The messages that are sent before a prompt.

        Args:
            prompt: The prompt, which may ask for a summary.
            history: The number of messages that are sent, the prompt among them; None: all.
        """
        if prompt.parent_id is None:
            return ()
        if prompt.kind is MessageKind.SUMMARY:
            path = await self._store.path(prompt.parent_id)
            return _with_text(summarised(path, prompt.kept_from))
        if prompt.kind is MessageKind.ASIDE and prompt.role is Role.TOOL:
            path = await self._store.path(prompt.parent_id)
            return _with_text([*context(path), *_own_turn(path)])
        if history is None:
            return _with_text(context(await self._store.path(prompt.parent_id)))
        return await self._newest(prompt.parent_id, history - 1)

    async def _newest(self, leaf_id: str, wanted: int) -> Sequence[Message]:
        """The last messages of a context; where these are few, no more of a branch is read.

        Args:
            leaf_id: The last message of the branch.
            wanted: The number of messages.
        """
        if wanted <= 0:
            return ()
        limit: int | None = wanted
        while True:
            path = await self._store.path(leaf_id, limit=limit)
            sent = _with_text(context(path))[-wanted:]
            is_cut = has_compaction(path)
            if limit is None or len(path) < limit or (len(sent) == wanted and not is_cut):
                return sent
            limit = None if is_cut else limit * 2


def _own_turn(path: Sequence[Message]) -> Sequence[Message]:
    """The messages of a branch from its last prompt on; no later request holds a side question."""
    places = [at for at, message in enumerate(path) if message.role is Role.USER]
    return path[places[-1] :] if places else ()


def _with_text(messages: Sequence[Message]) -> Sequence[Message]:
    """The messages without reasoning in answers, and without empty ones, which no server takes."""
    spoken = map(_spoken, messages)
    return [message for message in spoken if message.content or message.calls]


def _spoken(message: Message) -> Message:
    """The message without reasoning; mostly itself, since a copy of each takes longer than all."""
    is_answer = message.role is Role.ASSISTANT
    said = without_thoughts(message.content) if is_answer else message.content
    return message if said == message.content else replace(message, content=said)
