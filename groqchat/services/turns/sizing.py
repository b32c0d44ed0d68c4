"""The length of prompts in tokens, learnt for each model from what the server counted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.images.image import IMAGE_TOKENS, MOST_IMAGES
from groqchat.domain.turns.answer_form import words_about
from groqchat.domain.turns.chat import Role, State
from groqchat.domain.turns.request import ChatRequest, RequestMessage
from groqchat.domain.turns.template import CHATML
from groqchat.domain.turns.tokens import Counted, Length, TokenEstimator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from groqchat.domain.money.usage import Usage
    from groqchat.domain.tools.tool import Tool
    from groqchat.domain.turns.chat import Message, Options
    from groqchat.domain.turns.template import Template


@dataclass(frozen=True, slots=True)
class RequestPreview:
    """A request whose last prompt is still being written.

    ``length`` is the length of all messages before that prompt, and of the ``tools``;
    ``images`` the most images that are sent.
    """

    options: Options
    length: Length
    estimator: TokenEstimator
    tools: tuple[Tool, ...] = ()
    images: int = 0

    def request(self, text: str) -> ChatRequest:
        """The request with this text as its prompt, if it is not blank; without its messages."""
        length = self.length
        if text.strip():
            length += _messages(self.estimator, [RequestMessage.prompt(text)], self.images)
        return ChatRequest(
            (), self.options, length.tokens, length.doubt, length.excess, tools=self.tools
        )


@dataclass(frozen=True, slots=True)
class _Sent:
    """A request and the length of its prompt as the server counted it."""

    request: ChatRequest
    usage: Usage


class Sizing:
    """Estimates the length of prompts.

    Args:
        template_of: Gives the template that a model puts around messages.
    """

    def __init__(self, template_of: Callable[[str], Template] = lambda _: CHATML) -> None:
        self._template_of = template_of
        self._estimators: dict[str, TokenEstimator] = {}
        self._last: dict[str, _Sent] = {}
        self._sent: dict[str, ChatRequest | None] = {}

    def estimator(self, model: str) -> TokenEstimator:
        """The estimator of a model with what it has learnt."""
        known = self._estimators.get(model)
        return known or TokenEstimator(self._template_of(model))

    def learn(self, answer_id: str, request: ChatRequest, usage: Usage) -> None:
        """Learn from the usage that the server counted for an answer; estimates teach nothing."""
        bare = replace(request, messages=())
        self._sent[answer_id] = None if usage.is_estimated else bare
        if usage.is_estimated:
            return
        model, estimator = request.options.model, self.estimator(request.options.model)
        messages, before = request.messages, None
        if (last := self._continued(request)) is not None:
            # What both have in common adds nothing to their difference.
            messages = messages[len(last.request.messages) :]
            common = _frame(estimator, last.request)
            before = Counted(common, last.usage.prompt_tokens)
        length = _frame(estimator, request) + _messages(estimator, messages)
        if not any(each.images for each in messages):  # what an image counts as is no text
            self._estimators[model] = estimator.learned(length, usage.prompt_tokens, before)
        self._last[model] = _Sent(request, usage)

    def _continued(self, request: ChatRequest) -> _Sent | None:
        """The last request to the same model, where this one continues its messages."""
        last = self._last.get(request.options.model)
        if last is None or len(last.request.messages) >= len(request.messages):
            return None
        messages = last.request.messages
        return last if request.messages[: len(messages)] == messages else None

    def length(
        self,
        path: Sequence[Message],
        options: Options,
        begun: str = "",
        tools: tuple[Tool, ...] = (),
        images: int = 0,
    ) -> Length:
        """The length of a prompt.

        What the server counted for the last whole answer on the path is used; only the text after
        it is estimated.

        Args:
            path: The messages that are sent, or the last of them, beginning with such an answer.
            options: Model and parameters.
            begun: The beginning of the answer, where one is continued.
            tools: The tools that are offered.
            images: The most images that are sent.
        """
        estimator = self.estimator(options.model)
        length = Length()
        frame = ChatRequest((), options, tools=tools)
        texts = [RequestMessage(Role.ASSISTANT, begun)] if begun else []
        for message in reversed(path):
            if (usage := self.counted(message, options)) is not None:
                length = Length(usage.prompt_tokens) + _answer(message, usage, estimator)
                length += self._changed(message, frame, estimator)
                break
            texts.append(RequestMessage.of(message))
        else:
            texts += [RequestMessage(Role.SYSTEM, options.system)] if options.system else []
            length = _frame(estimator, frame)
        return length + _messages(estimator, texts, images)

    def counted(self, message: Message, options: Options) -> Usage | None:
        """The server's counts for an answer and its prompt; None if options change the prompt."""
        if message.state is not State.COMPLETE or options.history is not None:
            return None
        if message.changed_above:  # it counts messages that are not sent any more
            return None
        if (message.model, message.provider) != (options.model, options.provider):
            return None
        sent = self._sent.get(message.id, ChatRequest((), options))
        usage = message.usage
        if usage is None or usage.is_estimated or sent is None or sent.options.history is not None:
            return None
        if message.executed:  # the server may have asked the model several times for it
            return None
        return usage

    def _changed(self, answer: Message, now: ChatRequest, estimator: TokenEstimator) -> Length:
        """The growth of system prompt, schema and tools since an answer was asked for."""
        sent = self._sent.get(answer.id) or now
        grown = _framed(estimator, now.options) - _framed(estimator, sent.options)
        if sent.options.system != now.options.system:
            grown += _system(estimator, now.options.system)
            grown -= _system(estimator, sent.options.system)
        if sent.offered != now.offered:
            grown += _tools(estimator, now) - _tools(estimator, sent)
        return grown


def _answer(answer: Message, usage: Usage, estimator: TokenEstimator) -> Length:
    """An answer as part of the next prompt, which leaves out its reasoning."""
    if answer.reasoning and not usage.reasoning_tokens:  # it was counted as part of the text
        return estimator.message(Role.ASSISTANT, answer.content)
    spoken = usage.completion_tokens - usage.reasoning_tokens
    return Length(spoken + estimator.template.around(Role.ASSISTANT))


def _framed(estimator: TokenEstimator, options: Options) -> Length:
    """The length of what the server adds to a prompt because of the form of the answer."""
    return estimator.prompt((), is_json=options.is_json, schema=words_about(options))


def _system(estimator: TokenEstimator, text: str) -> Length:
    return estimator.message(Role.SYSTEM, text) if text else Length()


def _frame(estimator: TokenEstimator, request: ChatRequest) -> Length:
    """The length of a prompt without its messages."""
    return _framed(estimator, request.options) + _tools(estimator, request)


def _messages(
    estimator: TokenEstimator, messages: Iterable[RequestMessage], images: int = MOST_IMAGES
) -> Length:
    """The length of messages, with as many of their images as are sent."""
    shown = list(messages)
    unsent = max(0, sum(len(each.images) for each in shown) - images)
    return sum(map(estimator.of, shown), Length()) - Length(float(unsent * IMAGE_TOKENS))


def _tools(estimator: TokenEstimator, request: ChatRequest) -> Length:
    return estimator.tools(request.tools, len(request.built_in))
