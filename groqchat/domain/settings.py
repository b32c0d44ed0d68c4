"""The user's settings: each field with its default and its purpose."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.money.amounts import has_more_decimals, read_dollars
from groqchat.domain.schema import Schema
from groqchat.domain.setting_ranges import RANGES
from groqchat.domain.team.settings import TeamSettings, read_team
from groqchat.domain.tools.bounds import TOOL_BOUNDS, ToolBounds
from groqchat.domain.tools.servers import McpServer, read_servers
from groqchat.domain.turns.endpoints import Endpoint, read_endpoints
from groqchat.domain.turns.fallback import FALLBACK_KINDS, Fallback
from groqchat.domain.turns.service_tier import TIERS


@dataclass(frozen=True, slots=True)
class Budget:
    """The spending limits in US dollars at list price; None is no limit.

    Attributes:
        monthly_usd: The most that may be spent in a month, in dollars at list price.
        session_usd: The most that one session may cost, in dollars at list price.
        buffer: The share of the monthly budget that is held back, from 0 to 1: Groq counts
            spending late, so its own limit lets some more pass.
    """

    monthly_usd: Decimal | None = None
    session_usd: Decimal | None = None
    buffer: Decimal = Decimal(0)

    @property
    def spendable_usd(self) -> Decimal | None:
        """The part of the monthly budget that is not held back."""
        return None if self.monthly_usd is None else self.monthly_usd * (1 - self.buffer)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of ``config.toml``.

    The screen with the settings and the guide show these sentences to users
    (:mod:`~groqchat.domain.setting_facts`).

    Attributes:
        model: The model of new sessions; empty: the one used last, at first the best live one.
        system: The system prompt of new sessions, in the chat and on the command line.
        plan: The plan of your account; empty: inferred from the limits in headers.
        theme: The colours; empty, or auto: as the terminal is.
        service_tier: The service tier of new sessions; empty: the server's default (on_demand).
        max_tokens: The longest answer in new sessions, in tokens; 0: chosen to fit.
        attempts: The most times that one request is sent to a model, the first one included.
        longest_wait_s: The longest wait for a limit that is slept through, in seconds; longer ones
            are offered.
        profile: The profile whose key is used when none is named.
        key_command: A command that prints the key, such as ``op read op://private/groq/key`` or
            ``pass groq``; run without a shell, for the profile used when none is named, or for
            every one where ``{profile}`` stands in it. GROQ_API_KEY beats it, and so does a key
            stored under the profile's name.
        key_command_s: The longest time that the key command may take, in seconds.
        send_with_enter: Enter sends and Ctrl+J makes a new line; false swaps the two.
        composer_keys: How the composer is edited: with Emacs' keys, or in vi's modes.
        show_reasoning: Reasoning is unfolded when it arrives.
        motion: How much moves; reduced: nothing blinks, countdowns and answers step seldom.
        show_panel: The quota panel stands beside the text, where 80 columns stay for it.
        show_sessions: The list of sessions stands beside the text, where 80 columns stay for it.
        budget: See :class:`Budget`.
        keys: The keys of commands, by the commands' names.
        prices: Your contract's prices by model, in dollars per million tokens.
        longest_total_wait_s: The longest that all waits of one turn may last, in seconds.
        gap_timeout_s: The silence after which an answer counts as stalled, in seconds.
        fallback: Models and endpoints that are asked, in this order, where the chosen model cannot
            answer.
        endpoints: Servers of other vendors with the same API, by name.
        fallback_on: The failures that lead to the fallback.
        fallback_after_s: The longest wait, in seconds, that is waited out instead of going to the
            fallback.
        alerts: Bell, notification and title tell that a long answer, a wait or a queue has ended
            while the terminal is not in front.
        alert_after_s: The shortest answer and the shortest wait that count as long, in seconds.
        alert_bell: The bell rings also where the terminal does not report whether it is in front.
        show_times: Messages show the day and time of their beginning.
        show_images: Images of prompts are drawn small, where the terminal shows all colours.
        copy_on_select: Text is copied as soon as it is selected with the mouse.
        summary_model: The model that writes summaries of conversations; empty: the cheapest whose
            limits hold them.
        favourites: Models that stand first in every list of models.
        compare_gap_s: The time, in seconds, between the requests of one column and the next of a
            comparison, so that limits are not hit at once.
        tool_rounds: The most rounds of tool calls in one turn; each is a request with all before
            it.
        tool_result_tokens: The longest result of a tool call, in estimated tokens; it is shorter
            where the limits leave less room.
        mcp: The MCP servers whose tools models may call, by name.
        presets: Columns of comparisons and sets, by the names behind ``@``.
        organizations: Profiles whose keys belong to one organisation, and so share its limits, by
            name.
        team: See :class:`~groqchat.domain.team.settings.TeamSettings`.
    """

    model: str = ""
    system: str = ""
    plan: str = ""
    theme: str = ""
    service_tier: str = ""
    max_tokens: int = 0
    attempts: int = 4
    longest_wait_s: float = 60.0
    profile: str = "default"
    key_command: str = ""
    key_command_s: float = 30.0
    send_with_enter: bool = True
    composer_keys: str = "default"
    motion: str = "full"
    show_reasoning: bool = False
    show_panel: bool = True
    show_sessions: bool = True
    budget: Budget = field(default_factory=Budget)
    keys: Mapping[str, str] = field(default_factory=dict)
    prices: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    longest_total_wait_s: float = 180.0
    gap_timeout_s: float = 60.0
    fallback: tuple[str, ...] = ()
    fallback_on: tuple[str, ...] = FALLBACK_KINDS
    fallback_after_s: float = 20.0
    compare_gap_s: float = 0.0
    presets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    organizations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    endpoints: Mapping[str, Endpoint] = field(default_factory=dict)
    tool_rounds: int = TOOL_BOUNDS.rounds
    tool_result_tokens: int = TOOL_BOUNDS.result_tokens
    mcp: Mapping[str, McpServer] = field(default_factory=dict)
    team: TeamSettings = field(default_factory=TeamSettings)
    favourites: tuple[str, ...] = ()
    summary_model: str = ""
    alerts: bool = True
    alert_after_s: float = 10.0
    alert_bell: bool = False
    copy_on_select: bool = False
    show_times: bool = False
    show_images: bool = True

    def organization_of(self, profile: str) -> tuple[str, ...]:
        """The profiles that share limits: this one first, then the others of its organisation."""
        shared = (names for names in self.organizations.values() if profile in names)
        return profile, *(name for name in next(shared, ()) if name != profile)

    @property
    def tool_bounds(self) -> ToolBounds:
        """The bounds of turns in which tools are called."""
        return ToolBounds(self.tool_rounds, self.tool_result_tokens)

    @property
    def fallback_route(self) -> Fallback:
        """The fallback that the settings describe."""
        kinds = frozenset(map(ErrorKind, self.fallback_on))
        return Fallback(self.fallback, kinds, self.fallback_after_s, self.endpoints)

    def endpoint_of(self, profile: str) -> Endpoint | None:
        """The endpoint that a profile's key is for; None where it is Groq's."""
        return next((each for each in self.endpoints.values() if each.profile == profile), None)


class GraveMistake(str):
    """A mistake in a budget or an endpoint; no request is sent until it is corrected."""

    __slots__ = ()


class UnreadableFile(GraveMistake):
    """A mistake that lets nothing of the file be read, and so nothing be changed in it."""

    __slots__ = ()


def without_folder(mistake: str) -> str:
    """A sentence on a mistake without the folder of the file, for where there is little room."""
    return re.sub(r"\A.*?(?=config\.toml)", "", mistake)


_GUARDS = frozenset({"budget", "endpoints"})
_LIKE_GUARDS = ("budget", "monthly_usd", "session_usd", "endpoints")


def _is_grave(name: str) -> bool:
    """True if a name is that of a budget or an endpoint, or nearly so."""
    from difflib import get_close_matches

    plain = name.lower().replace("-", "_")
    return name in _GUARDS or bool(get_close_matches(plain, _LIKE_GUARDS, cutoff=0.8))


CHOICES = {
    "plan": ("", "free", "developer", "enterprise"),
    "service_tier": ("", *TIERS),
    "composer_keys": ("default", "emacs", "vi"),
    "motion": ("full", "reduced"),
}
"""The values that a setting may have; an empty one leaves the choice to groqchat or the server."""


def read_settings(table: Mapping[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    """Read the settings from a parsed file.

    Returns:
        The settings, defaults standing in for what is wrong, and one sentence for each mistake.
    """
    mistakes: list[str] = []
    known: dict[str, Any] = {}
    readers = {
        "budget": _budget,
        "keys": _keys,
        "prices": _prices,
        "fallback": lambda value: _models("fallback", value),
        "favourites": lambda value: _models("favourites", value),
        "fallback_on": _fallback_on,
        "organizations": lambda value: _lists("organizations", "profiles", value),
        "presets": _presets,
        "endpoints": read_endpoints,
        "mcp": read_servers,
        "team": read_team,
    }
    schema = Schema.of(Settings, "setting", readers)
    for name, value in table.items():
        try:
            known[name] = _in_range(name, schema.read(name, value))
        except ValueError as mistake:
            mistakes.append(_mistake(name, str(mistake)))
    settings = Settings(**known)
    mistakes += (each.problem for each in settings.mcp.values() if each.problem)
    own, mistaken = _with_own_keys(settings)
    return own, (*mistakes, *map(GraveMistake, mistaken))


def _mistake(name: str, sentence: str) -> str:
    return GraveMistake(sentence) if _is_grave(name) else sentence


def _with_own_keys(settings: Settings) -> tuple[Settings, list[str]]:
    """The settings without endpoints that would receive the user's Groq key, and the mistakes."""
    groqs = {settings.profile, *(name for each in settings.organizations.values() for name in each)}
    shared = {name: each for name, each in settings.endpoints.items() if each.profile in groqs}
    own = {name: each for name, each in settings.endpoints.items() if name not in shared}
    mistakes = [
        f"“endpoints.{name}” needs a profile of its own: the key of {each.profile} is for Groq"
        for name, each in shared.items()
    ]
    return replace(settings, endpoints=own), mistakes


def _in_range(name: str, value: object) -> object:
    if isinstance(value, int | float) and value < 0:
        raise ValueError(f"“{name}” must not be negative")
    if name in CHOICES and value not in CHOICES[name]:
        choices = ", ".join(choice for choice in CHOICES[name] if choice)
        raise ValueError(f"“{name}” must be one of {choices}")
    if isinstance(value, int | float) and name in RANGES:
        least, most = RANGES[name]
        if not least <= value <= most:
            raise ValueError(f"“{name}” must be a number from {least:,} to {most:,}")
    return value


def _budget(value: object) -> Budget:
    table = _table("budget", value)
    readers = {"buffer": _share}
    amounts = {
        key: readers.get(key, _dollars)(f"budget.{key}", amount) for key, amount in table.items()
    }
    unknown = set(amounts) - {"monthly_usd", "session_usd", "buffer"}
    if unknown:
        raise ValueError(f"“budget.{min(unknown)}” is no setting")
    return Budget(**amounts)


def _lists(setting: str, of: str, value: object) -> Mapping[str, tuple[str, ...]]:
    table = _table(setting, value)
    for name, texts in table.items():
        if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
            raise ValueError(f'“{setting}.{name}” must be a list of {of}, ["…", "…"]')
    return {name: tuple(texts) for name, texts in table.items()}


def _presets(value: object) -> Mapping[str, tuple[str, ...]]:
    presets = _lists("presets", "columns", value)
    for name, columns in presets.items():
        if not columns:
            raise ValueError(f"“presets.{name}” has no columns")
    return presets


def _models(name: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError(f'“{name}” must be a list of models, written ["…", "…"]')
    return tuple(value)


def _fallback_on(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or any(item not in FALLBACK_KINDS for item in value):
        raise ValueError(f"“fallback_on” must be a list of {', '.join(FALLBACK_KINDS)}")
    return tuple(value)


def _keys(value: object) -> Mapping[str, str]:
    return {name: str(keys) for name, keys in _table("keys", value).items()}


def _prices(value: object) -> Mapping[str, Mapping[str, Decimal]]:
    return {
        model: {
            name: _dollars(f"prices.{model}.{name}", amount)
            for name, amount in _table(f"prices.{model}", prices).items()
        }
        for model, prices in _table("prices", value).items()
    }


def _table(name: str, value: object) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"“{name}” must be a table, written [{name}]")
    return value


def _share(name: str, value: object) -> Decimal:
    """A percentage such as ``"5 %"`` as a share from 0 to 1."""
    number, sign, rest = str(value).partition("%")
    try:
        percentage = Decimal(number.strip())
    except InvalidOperation:
        percentage = Decimal(-1)
    is_share = percentage.is_finite() and 0 <= percentage < 100  # per cent
    if not sign or rest.strip() or not is_share or has_more_decimals(percentage):
        raise ValueError(f'“{name}” must be a percentage below 100, such as "5 %"')
    return percentage / 100


def _dollars(name: str, value: object) -> Decimal:
    try:
        return read_dollars(value)
    except ValueError:
        raise ValueError(f'“{name}” must be an amount such as "10.00", below a billion') from None
