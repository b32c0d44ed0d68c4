"""A pretend Groq over HTTP on the loopback, in the event loop of the test that asks it."""

from __future__ import annotations

import asyncio
import json
import math
import random
import re
from dataclasses import dataclass
from decimal import Decimal

from tests.standin.limits import MODELS, WORDS, Limits, RefusedError, duration
from tests.standin.wire import Chunks, Exchange, deltas

# US dollars for a million tokens: of the prompt, of it cached, of the answer.
PRICES = {
    "openai/gpt-oss-120b": ("0.15", "0.075", "0.60"),
    "openai/gpt-oss-20b": ("0.075", "0.0375", "0.30"),
    "qwen/qwen3.8-27b": ("0.80", "0.40", "4.00"),
}
ORGANIZATION = "org_01k0000000000000000000000x"
RESERVED_UNLESS_NAMED = 2_048
LATENCY_S = 0.2  # until a request is looked at
CACHED_BY = 128  # tokens: a prefix is kept in blocks of so many
KNOWN_KEYS = {"role", "content", "name", "tool_calls", "tool_call_id"}
_TOKEN = re.compile(r"[A-Za-z]{1,7}|\d{1,3}|\n+| {2,}|[^\sA-Za-z\d]")
_WORDS = ["a", "limit", "drains", "as", "water", "does", "while", "tokens", "come", "back"]


def tokens_of(text):
    """A splitting of its own: letters by sevens, digits by threes, every sign alone."""
    return _TOKEN.findall(text)


def prompt_tokens(messages, model):
    """Gpt-oss: 71 more than the first text, then 4, 6 and 3; Qwen: 4 a message and 4 more."""
    count = sum(len(tokens_of(message["content"])) for message in messages)
    if not model.startswith("openai/"):
        return count + 4 + 4 * len(messages)
    wrappers = {"user": 4, "assistant": 6, "system": 3}
    return count + 67 + sum(wrappers[message["role"]] for message in messages)


@dataclass
class Script:
    """How the next answer is to be; None leaves it to chance.

    ``pauses_after``: so many pieces are sent, then nothing until it is to go on.
    """

    length: int | None = None
    finish: str | None = None
    thinks: bool | None = None
    says: bool = True
    pauses_after: int | None = None


@dataclass
class Count:
    """What one answer really used."""

    model: str
    prompt: int
    at: float
    cached: int = 0
    completion: int = 0
    reasoning: int = 0
    finish: str | None = None

    @property
    def dollars(self):
        fresh, cached, out = map(Decimal, PRICES[self.model])
        parts = (self.prompt - self.cached) * fresh + self.cached * cached + self.completion * out
        return parts / 1_000_000

    def usage(self):
        told = {
            "queue_time": 0.05, "prompt_tokens": self.prompt, "prompt_time": 0.001,
            "completion_tokens": self.completion, "completion_time": 0.03,
            "total_tokens": self.prompt + self.completion, "total_time": 0.031,
        }  # fmt: skip
        if self.cached:
            told["prompt_tokens_details"] = {"cached_tokens": self.cached}
        if self.reasoning:
            told["completion_tokens_details"] = {"reasoning_tokens": self.reasoning}
        return told


class StandIn:
    """The server, and what is true of it.

    Args:
        clock: Its time.
        has_reservation: Whether headers count the longest answer, or the prompt alone.
        seed: The same seed and requests give the same answers.
    """

    def __init__(self, clock, *, has_reservation, seed=1):
        self._clock = clock
        self._chance = random.Random(seed)
        self.limits = {
            model: Limits(table, has_reservation=has_reservation) for model, table in MODELS.items()
        }
        self.counts: dict[str, Count] = {}
        self.refusals = []
        self.script = Script()
        self._flow = None
        self._prefixes = {model: [] for model in MODELS}
        self._paths = {
            ("GET", "/openai/v1/models"): self._list,
            ("POST", "/openai/v1/chat/completions"): self._chat,
        }

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self._open = set()
        return self

    async def __aexit__(self, *_):
        self._server.close()
        for writer in self._open:
            writer.close()

    def left(self, model):
        """What is really left of every limit, in whole units."""
        now = self._clock.now()
        return {name: level.left(now) for name, level in self.limits[model].true.items()}

    def knowable(self, model):
        """The same as the best of clients can know it: exact units, and seconds until all is."""
        now = self._clock.now()
        levels = self.limits[model].knowable
        return {name: (level.limit - level.now(now), level.full_in(now))
                for name, level in levels.items()}  # fmt: skip

    @property
    def is_pausing(self):
        return self._flow is not None

    def go_on(self):
        """The answer that pauses goes on."""
        self._flow.set()

    # -- HTTP -----------------------------------------------------------------------------------

    async def _serve(self, reader, writer):
        self._open.add(writer)
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                method, path, _ = head[0].split()
                fields = dict(line.lower().split(": ", 1) for line in head[1:] if line)
                body = await reader.readexactly(int(fields.get("content-length", 0)))
                await self._answer(Exchange(writer, reader), method, path, fields, body)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the client has hung up
        finally:
            self._open.discard(writer)
            writer.close()

    async def _answer(self, exchange, method, path, fields, body):
        if not fields.get("authorization", "").startswith("bearer gsk_"):
            await exchange.whole(401, _error("Invalid API Key", code="invalid_api_key"))
        elif (method, path) not in self._paths:
            await exchange.whole(404, _error(f"Unknown request URL: {method} {path}."))
        else:
            await self._paths[method, path](exchange, json.loads(body or b"{}"))

    async def _list(self, exchange, _):
        data = [_listed(model) for model in MODELS]
        await exchange.whole(200, {"object": "list", "data": data})

    # -- chat -----------------------------------------------------------------------------------

    async def _chat(self, exchange, asked):
        model, messages = asked["model"], asked["messages"]
        if model not in MODELS:
            words = f"The model `{model}` does not exist or you do not have access to it."
            return await exchange.whole(404, _error(words, code="model_not_found"))
        if unknown := [key for message in messages for key in message if key not in KNOWN_KEYS]:
            return await exchange.whole(400, _error(f"property '{unknown[0]}' is unsupported"))
        self._clock.advance(LATENCY_S)
        longest = asked.get("max_completion_tokens") or RESERVED_UNLESS_NAMED
        count = Count(model, prompt_tokens(messages, model), self._clock.now())
        limits = self.limits[model]
        try:
            limits.admit(count.prompt, longest, self._clock.now())
        except RefusedError as refusal:
            return await self._refuse(exchange, model, refusal)
        request_id = f"req_{len(self.counts) + 1:026d}"
        self.counts[request_id] = count
        script, self.script = self.script, Script()
        count.cached = self._cached(model, messages)
        headers = limits.headers(self._clock.now()) | {"x-request-id": request_id}
        pieces = self._pieces(asked, script, longest)
        try:
            if asked.get("stream"):
                await self._stream(exchange, headers, pieces, script, count, asked=asked)
            else:
                self._count(count, pieces)
                await exchange.whole(200, _completion(count, pieces, request_id), headers)
        finally:
            limits.settle(longest, count.cached, count.completion, self._clock.now())
        return None

    async def _refuse(self, exchange, model, refusal):
        self.refusals.append(refusal)
        headers = self.limits[model].headers(self._clock.now())
        if refusal.wait is not None:
            headers["retry-after"] = str(math.ceil(refusal.wait))
        kind = "requests" if refusal.name.startswith("R") else "tokens"
        body = _error(_sentence(model, refusal), kind, "rate_limit_exceeded")
        is_forever_429 = refusal.wait is None and refusal.name == "OTPM"
        status = 429 if refusal.wait is not None or is_forever_429 else 413
        await exchange.whole(status, body, headers)

    def _cached(self, model, messages):
        """Tokens of the longest prefix that an earlier prompt of the model had, in whole blocks."""
        text = "\0".join(message["content"] for message in messages)
        known = self._prefixes[model]
        same = max((len(_common(text, other)) for other in known), default=0)
        known.append(text)
        return len(tokens_of(text[:same])) // CACHED_BY * CACHED_BY

    def _pieces(self, asked, script, longest):
        """The answer as (field, token) pairs, and how it ends."""
        chance = self._chance
        length = script.length or chance.choice([3, 12, 40, 160, 400])
        thinks = chance.random() < 0.5 if script.thinks is None else script.thinks
        thoughts = _some(chance, chance.randint(4, 60)) if thinks else []
        answer = _some(chance, length) if script.says else []
        if asked["model"].startswith("openai/") or asked.get("reasoning_format") == "parsed":
            pieces = [("reasoning", word) for word in thoughts]
        else:  # Qwen's default is raw
            whole = ["<", "think", ">", "\n", *thoughts, "\n", "</", "think", ">", "\n\n"]
            pieces = [("content", word) for word in whole] if thoughts else []
        pieces += [("content", word) for word in answer]
        end = script.finish or ("length" if len(pieces) > longest else "stop")
        return pieces[:longest], end

    def _count(self, count, pieces):
        said, count.finish = pieces
        count.completion = len(said)
        count.reasoning = sum(kind == "reasoning" for kind, _ in said)

    async def _stream(self, exchange, headers, pieces, script, count, *, asked):
        said, end = pieces
        chunk = Chunks(asked["model"], headers["x-request-id"])
        await exchange.begin(headers)
        await exchange.event(chunk.of({"role": "assistant", "content": ""}, x_groq={}))
        for start in range(0, len(said), 8):
            if script.pauses_after is not None and start >= script.pauses_after:
                script.pauses_after = None
                await self._pause(exchange)
            self._count(count, (said[: start + 8], None))
            for delta in deltas(said[start : start + 8], asked["model"]):
                await exchange.event(chunk.of(delta))
        self._count(count, pieces)
        usage = count.usage()
        await exchange.event(chunk.of({}, end, usage=usage, x_groq={"usage": usage}))
        if (asked.get("stream_options") or {}).get("include_usage"):
            await exchange.event(chunk.last(usage))
        await exchange.end()

    async def _pause(self, exchange):
        """Nothing is sent until the flow goes on; somebody may hang up meanwhile."""
        self._flow = asyncio.Event()
        going_on = asyncio.ensure_future(self._flow.wait())
        hung_up = asyncio.ensure_future(exchange.reader.read(1))
        done, rest = await asyncio.wait({going_on, hung_up}, return_when=asyncio.FIRST_COMPLETED)
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        self._flow = None
        if hung_up in done:
            raise ConnectionError("the client has hung up")


def _completion(count, pieces, request_id):
    texts = {kind: "".join(text for k, text in pieces[0] if k == kind)
             for kind in ("content", "reasoning")}  # fmt: skip
    message = {"role": "assistant"} | {kind: text for kind, text in texts.items() if text}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": pieces[1]}
    return {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1791297846,
        "model": count.model, "choices": [choice], "usage": count.usage(),
        "usage_breakdown": None, "x_groq": {"id": request_id}, "service_tier": "on_demand",
    }  # fmt: skip


def _some(chance, count):
    return [f" {chance.choice(_WORDS)}" for _ in range(count)]


def _common(one, other):
    length = min(len(one), len(other))
    differ = (place for place in range(length) if one[place] != other[place])
    return one[: next(differ, length)]


def _listed(model):
    names = ("prompt", "input_cache_read", "completion")
    price = {name: f"{Decimal(usd) / 1_000_000:f}"
             for name, usd in zip(names, PRICES[model], strict=True)}  # fmt: skip
    return {
        "id": model, "object": "model", "created": 1754407957, "owned_by": "OpenAI",
        "active": True, "context_window": 131_072, "max_completion_tokens": 65_536,
        "pricing": price, "input_modalities": ["text"], "output_modalities": ["text"],
    }  # fmt: skip


def _sentence(model, refusal):
    what = f"{WORDS[refusal.name]} ({refusal.name}): Limit {refusal.limit}"
    where = f"model `{model}` in organization `{ORGANIZATION}` service tier `on_demand` on {what}"
    more = (
        "Need more tokens? Upgrade to Dev Tier today at https://console.groq.com/settings/billing"
    )
    if refusal.wait is not None:
        wait = f"Please try again in {duration(refusal.wait)}."
        used = f"Used {refusal.used}, Requested {refusal.requested}. {wait}"
        return f"Rate limit reached for {where}, {used} {more}"
    advice = ", please reduce your message size and try again."
    if refusal.name == "OTPM":
        advice = (
            ". The request's expected output tokens exceed the enforced limit; reduce max_tokens"
            " (or the request's expected output) and try again."
        )
    return f"Request too large for {where}, Requested {refusal.requested}{advice} {more}"


def _error(message, kind="invalid_request_error", code=None):
    return {"error": {"message": message, "type": kind} | ({"code": code} if code else {})}
