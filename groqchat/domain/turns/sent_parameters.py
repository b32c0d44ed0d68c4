"""The parameters that a request sends because of its options, and which of them can be left out."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from groqchat.domain.turns.answer_form import SCHEMA, format_sent

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import Options

# What `Options.dropped` may call a parameter that is sent under another name.
_ALIASES = {"max_tokens": "max_completion_tokens"}
# Parameters that stand in every request.
_ALWAYS_SENT = frozenset({"max_completion_tokens", "max_tokens", "stream_options"})
# Options whose name is not that of their parameter.
_FIELDS = {"reasoning_effort": "effort", "max_completion_tokens": "max_tokens"}

SYSTEM_DIGEST = "system_sha256"
"""The name of the digest of the system prompt in what an answer was asked with."""


def parameters_sent(options: Options) -> dict[str, object]:
    """The parameters of a request by Groq's names, without those in ``dropped``."""
    parameters = {
        "max_completion_tokens": options.max_tokens,
        **sampling_sent(options),
        "reasoning_effort": options.effort,
        "reasoning_format": options.reasoning_format,
        "include_reasoning": options.include_reasoning,
        "service_tier": options.service_tier,
        "response_format": format_sent(options),
    }
    dropped = {_ALIASES.get(name, name) for name in options.dropped}
    return {
        name: value
        for name, value in parameters.items()
        if value is not None and name not in dropped
    }


def asked_with(options: Options) -> dict[str, object]:
    """What an answer remembers of its request: the parameters, and the user's own schema.

    The schema stands there under a name of ours, whole; what is sent of it may be less. Of a system
    prompt there is a digest, since it may be long and the same for all answers.
    """
    own: dict[str, object] = {}
    if options.schema is not None:
        own[SCHEMA] = json.loads(options.schema)
    if options.system:
        own[SYSTEM_DIGEST] = system_digest(options.system)
    return parameters_sent(options) | own


def system_digest(system: str) -> str:
    """The beginning of the SHA-256 of a system prompt, in 16 hexadecimal digits."""
    return hashlib.sha256(system.encode(errors="surrogatepass")).hexdigest()[:16]


def sampling_sent(options: Options) -> dict[str, object]:
    """The parameters of sampling that are set; every compatible server knows these names."""
    parameters = {
        "temperature": options.temperature,
        "top_p": options.top_p,
        "seed": options.seed,
        "stop": list(options.stop) or None,
    }
    return {name: value for name, value in parameters.items() if value is not None}


def written(value: object) -> str:
    """A parameter's value as people write it, texts in a list one after another.

    >>> written(("END", "a, b")), written(0.5), written(False)
    ('END, "a, b"', '0.5', 'false')
    """
    if isinstance(value, list | tuple):
        return ", ".join(_quoted(str(each)) for each in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(text: str) -> str:
    """A text in JSON's quotes where it would not be read back as it is."""
    is_plain = text == text.strip() and text.isprintable() and not set(',"') & set(text)
    return text if is_plain and text else json.dumps(text, ensure_ascii=False)


def value_sent(options: Options, parameter: str) -> str:
    """The value that was sent for a parameter, as people write it; empty where that is unknown."""
    value = getattr(options, _FIELDS.get(parameter, parameter), None)
    return "" if value in (None, "", ()) else written(value)


def can_drop(options: Options, parameter: str) -> bool:
    """True if a request without the parameter differs from one with it."""
    is_sent = parameter in _ALWAYS_SENT or bool(value_sent(options, parameter))
    is_sent |= parameter == "response_format" and (options.is_json or options.schema is not None)
    return is_sent and parameter not in options.dropped
