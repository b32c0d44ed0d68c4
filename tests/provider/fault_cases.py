"""Answers gone wrong, drawn at random: status, headers, body, where it is cut, and when."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

from groqchat.domain.turns.chat import Options
from tests.provider.scripted import HOLD, LAST, RESET, chunk, delta, event

KEY = "gsk_test" + "A1b2C3d4" * 5
ORG = "org_01k0campaign0000000000000x"
MODELS = ("openai/gpt-oss-120b", "openai/gpt-oss-20b")
MOST_SCRIPTS = 3
STATUSES = (
    100, 200, 204, 206, 301, 302, 304, 400, 400, 401, 402, 403, 404, 405, 407, 408, 409, 413, 418,
    422, 424, 429, 429, 429, 451, 498, 498, 499, 500, 500, 502, 503, 503, 504, 520, 529, 599,
)  # fmt: skip
_RECORDED = json.loads(
    (Path(__file__).parents[1] / "domain" / "errors" / "refusals.json").read_text()
)
_WORDS = (
    "rate ", "limits ", "Ünïcödé ", "日本語 ", "🙂 ", "`code` ", "\n\n", "| a | b |\n", "```py\n",
    "\x1b[2J\x1b]52;c;aGk=\x07", "[bold]x[/] ", "\u202eevil ", '"}}]} ', "data: [DONE] ", "\x00",
)  # fmt: skip
_SECRETS = f" for {KEY} in organization `{ORG}`, Authorization: Bearer {KEY}"
_ODD_HEADERS = {
    "retry-after": ("0", "1.5", "61", "999999999", "-3", "soon", "Wed, 21 Oct 2026 07:28:00 GMT"),
    "x-ratelimit-limit-requests": ("1000", "0", "-1", "many", "9" * 40),
    "x-ratelimit-remaining-requests": ("999", "0", "-5", ""),
    "x-ratelimit-limit-tokens": ("8000", "nan", "1e9"),
    "x-ratelimit-remaining-tokens": ("7900", "0", "none"),
    "x-ratelimit-reset-tokens": ("7.66s", "2m59.56s", "1h", "", "-1s", "99999999h"),
    "x-request-id": ("req_01k0", "x" * 3000, f"req_{ORG}"),
    "x-should-retry": ("true", "false"),
    "server": ("cloudflare",),
    "content-type": ("application/json", "text/html", "text/event-stream", "image/png", ""),
}


@dataclass(frozen=True)
class Script:
    """What a server does with one request; ``text`` is what a whole answer would say.

    ``is_whole`` tells whether all of it is sent, up to its ``finish_reason``.
    """

    steps: tuple
    text: str = ""
    is_whole: bool = False


@dataclass(frozen=True)
class Case:
    """One turn: what is asked, what is answered, and when the listener has had enough."""

    number: int
    prompt: str
    options: Options
    scripts: tuple[Script, ...]
    leaves_after: int | None
    fallback: tuple[str, ...]
    is_checked: bool


def draw(random, number) -> Case:
    """A case from a source of randomness."""
    scripts = tuple(_script(random) for _ in range(random.randint(1, MOST_SCRIPTS)))
    return Case(
        number,
        f"prompt {number} {random.choice(_WORDS)}",
        Options(
            random.choice(MODELS),
            service_tier=random.choice((None, None, "flex")),
            effort=random.choice((None, "low", "none")),
        ),
        scripts,
        random.randint(0, 12) if random.random() < 0.08 else None,
        MODELS if random.random() < 0.2 else (),
        random.random() < 0.9,
    )


def good(random) -> Script:
    """An answer as it should be."""
    return _stream(random, faults=False)


def _script(random) -> Script:
    kind = random.choices(("refusal", "stream", "silence"), (45, 50, 5))[0]
    if kind == "refusal":
        return _refusal(random)
    if kind == "stream":
        return _stream(random)
    before = random.choice((b"", b"HTTP/1.1 ", b"HTTP/1.1 200 OK\r\ncontent-ty", b"\x16\x03\x01"))
    # Headers that never come are waited for over several gaps; few cases do that.
    end = HOLD if random.random() < 0.02 else RESET
    return Script((before, end) if before else (end,))


# -- refusals --------------------------------------------------------------------------------


def _refusal(random) -> Script:
    status = random.choice(STATUSES)
    body = _body(random, status)
    headers = _headers(random)
    if random.random() < 0.05:
        headers["content-encoding"] = "gzip"
        body = gzip.compress(body) if random.random() < 0.5 else body
    head = _head(status, headers | {"content-length": str(len(body))})
    if random.random() < 0.15 and body:
        cut = random.randrange(len(body))
        return Script((head, body[:cut], RESET))
    return Script((head, body, RESET) if random.random() < 0.2 else (head, body))


def _body(random, status) -> bytes:
    kind = random.randrange(10)
    if kind < 4:
        fitting = [known["body"] for known in _RECORDED if known["status"] == status]
        known = random.choice(fitting or [known["body"] for known in _RECORDED])
        text = known if isinstance(known, str) else json.dumps(known)
        return text.replace("org_01k0000000000000000000000x", ORG).encode()
    message = random.choice(("", "Nope", "x" * 5000, "{broken}", random.choice(_WORDS))) + _SECRETS
    error = {
        "message": random.choice((message, None, 17, [message], {"a": message})),
        "type": random.choice((None, "tokens", "invalid_request_error", "internal_server_error")),
        "code": random.choice((None, "model_not_found", "rate_limit_exceeded", 7, message)),
        "param": random.choice((None, "reasoning_effort", "temperature", message)),
        "failed_generation": f"Rate limit reached invalid_api_key{_SECRETS}",
    }
    bodies = (
        json.dumps({"error": error}).encode(),
        json.dumps({"error": error}).encode()[: random.randrange(1, 60)],
        json.dumps({"error": message}).encode(),
        f"<html><body><h1>{message}</h1></body></html>".encode(),
        b"\xff\xfe\x00 not text",
        b"",
    )
    return bodies[kind - 4]


def _headers(random) -> dict[str, str]:
    names = random.sample(sorted(_ODD_HEADERS), random.randrange(len(_ODD_HEADERS)))
    return {name: random.choice(_ODD_HEADERS[name]) for name in names}


def _head(status, headers) -> bytes:
    lines = [
        f"HTTP/1.1 {status} Whatever",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


# -- answers ---------------------------------------------------------------------------------


def _stream(random, *, faults=True) -> Script:
    words = [random.choice(_WORDS) for _ in range(random.randint(1, 30))]
    thoughts = [delta(reasoning=word) for word in words[: random.choice((0, 0, 2))]]
    pieces = [delta(role="assistant", content=""), *thoughts]
    pieces += [delta(content=word) for word in words]
    is_spoilt = False
    for _ in range(random.choice((0, 0, 1, 2)) if faults else 0):
        piece, spoils = _oddity(random)
        is_spoilt = is_spoilt or spoils
        pieces.insert(random.randrange(1, len(pieces) + 1), piece)
    pieces.append(delta(random.choice(("stop", "stop", "length"))))
    said = b"".join(pieces)
    usage = {"prompt_tokens": 9, "completion_tokens": len(words), "total_tokens": 9 + len(words)}
    after = b"".join(
        piece
        for piece in (
            event({"choices": [], "usage": usage, "service_tier": "on_demand"}),
            b"data: [DONE]\n\n",
        )
        if not faults or random.random() < 0.8
    )
    wire, end, is_cut = said + after, (LAST,), False
    if faults and random.random() < 0.45:
        place = random.randrange(len(wire))
        # The last event counts without its blank line, too.
        is_cut = place < len(said) - 2
        wire = wire[:place]
        end = random.choice(((LAST,), (RESET,), (HOLD,), (b"5\r\nda", RESET)))
    headers = {"content-type": "text/event-stream", "transfer-encoding": "chunked"}
    headers = (_headers(random) if faults and random.random() < 0.3 else {}) | headers
    sent = [chunk(part) for part in _parts(random, wire)]
    text = "".join(words)
    return Script((_head(200, headers), *sent, *end), text, not (is_cut or is_spoilt))


def _oddity(random) -> tuple[bytes, bool]:
    """Something between the pieces of an answer, and whether it ends the answer."""
    error = {"message": "Internal" + _SECRETS, "type": "internal_server_error", "status_code": 500}
    return random.choice(
        (
            (b": ping\n\n", False),
            (b"id: 7\n\n", False),
            (event({"x_groq": {"id": f"req_\x1b[2J{ORG}"}}), False),
            (event({"choices": None}), False),
            (event({}), False),
            (delta(content=None), False),
            (b"event: error\n" + event({"error": error}), True),
            (event({"error": error}), True),
            (event({"x_groq": {"error": "over_capacity" + _SECRETS}}), True),
            (b"data: {broken\n\n", True),
        )
    )


def _parts(random, wire) -> list[bytes]:
    """The bytes cut anywhere, through events and through characters."""
    cuts = sorted(random.randrange(len(wire) + 1) for _ in range(random.choice((0, 1, 5, 20))))
    ends = [*cuts, len(wire)]
    parts = [wire[start:end] for start, end in zip([0, *cuts], ends, strict=True)]
    return [part for part in parts if part]
