"""Refused values of parameters: the server's sentence on them, and how a user changes them."""

from __future__ import annotations

import re

from groqchat.domain.text.humanize import count

# By what the server calls it: the option of `ask`, and the command of the chat; as
# `domain.models.request_parameters` names them.
_SET = ("temperature", "top_p", "seed", "stop", "reasoning_format")
COMMAND_OPTIONS = {name: f"--{name.replace('_', '-')}" for name in _SET} | {
    "reasoning_effort": "--effort",
    "service_tier": "--tier",
    "max_completion_tokens": "--max-tokens",
    "max_tokens": "--max-tokens",
}
CHAT_COMMANDS = {name: f"/set {name}" for name in _SET} | {
    "reasoning_effort": "/effort",
    "service_tier": "/tier",
    "max_completion_tokens": "/max-tokens",
    "max_tokens": "/max-tokens",
}
# The options for which `off` leaves the parameter out.
_CAN_BE_OFF = frozenset(COMMAND_OPTIONS.values()) - {"--max-tokens"}

_VALUE = re.compile(
    r"\b(?:must be(?! satisfied)|is not a valid|invalid value|is not one of)\b", re.IGNORECASE
)
_ONE_OF = re.compile(r"must be one of (.{1,300})", re.IGNORECASE)
_QUOTED = re.compile(r"[`'\"]([\w.-]{1,40})[`'\"]")
_AT_MOST = re.compile(r"must be (?:less than or equal to|at most) [`'\"]?(\d[\d.]{0,11})")
_AT_LEAST = re.compile(r"must be (?:greater than or equal to|at least) [`'\"]?(\d[\d.]{0,11})")
_BETWEEN = re.compile(r"must be between [`'\"]?(\d[\d.]{0,11})[`'\"]? and [`'\"]?(\d[\d.]{0,11})")


def is_about_value(message: str) -> bool:
    """True if the server refused the value of a parameter, and not the parameter itself."""
    return bool(_VALUE.search(message))


def allowed_values(message: str) -> str:
    """The values that the server takes, as its refusal lists them; empty if it lists none."""
    if (listed := _ONE_OF.search(message)) and (names := _QUOTED.findall(listed[1])):
        return ", ".join(names)
    if between := _BETWEEN.search(message):
        return f"{_number(between[1])} to {_number(between[2])}"
    if most := _AT_MOST.search(message):
        return f"at most {_number(most[1])}"
    least = _AT_LEAST.search(message)
    return f"at least {_number(least[1])}" if least else ""


def named_efforts(parameter: str | None, detail: str) -> tuple[str, ...] | None:
    """The reasoning efforts that a model takes, as the refusal of one names them.

    Args:
        parameter: The field of the request that was refused; None where the server named none.
        detail: The server's sentence.

    Returns:
        None where the sentence is about something else, or names no values; empty where the model
        takes no effort at all.
    """
    if parameter != "reasoning_effort":
        return None
    if listed := _ONE_OF.search(detail):
        return tuple(_QUOTED.findall(listed[1])) or None
    return () if "is not supported" in detail else None


def words_about(parameter: str, value: str) -> dict[str, str]:
    """The words on a refused parameter for the templates of the table, by placeholder.

    Args:
        parameter: The server's name of it.
        value: What was sent; empty where that is unknown.
    """
    command, option = CHAT_COMMANDS.get(parameter), COMMAND_OPTIONS.get(parameter)
    off = " (or off)" if option in _CAN_BE_OFF else ""
    other = "Choose another --model"
    return {
        "refused": f"{parameter} {value}" if value else f"this value of {parameter}",
        "chat_way": f"Choose another with {command}, or drop it"
        if command
        else f"Drop {parameter}",
        "command_way": f"Give another with {option}{off}" if option else other,
        "command_drop": f"Send again with {option} off" if off else other,
    }


def _number(text: str) -> str:
    return count(int(text)) if text.isdigit() else text
