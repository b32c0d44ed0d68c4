"""Variants of a model: one text names the model and the parameters that are its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from groqchat.domain.compare.rules import variant_name
from groqchat.domain.models.named_tools import named_tools
from groqchat.domain.models.request_parameters import OFF, PARAMETERS, parameter_named
from groqchat.domain.structured.schema import read_schema
from groqchat.domain.text.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Options

SYSTEM, SCHEMA, TOOLS = "system", "schema", "tools"
_FILE, _ANY = "@", "any"
_QUOTED = re.compile(r"""\"[^\"]*\"|'[^']*'""")
_WORD = re.compile(rf"""(?:[^\s\"']|{_QUOTED.pattern})+""")
_SHORT = {"service_tier": "tier"}
KEYS = (*(_SHORT.get(each.name, each.name) for each in PARAMETERS), SYSTEM, SCHEMA, TOOLS)
"""The keys of a variant, as they are offered."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A model with parameters of its own.

    ``written`` is what follows the model, as the user wrote it, and ``values`` are the keys and
    texts in it; both are empty for the model alone.
    """

    model: str
    written: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """The model, with the parameters as they were written."""
        return variant_name(self.model, self.written)

    def of(self, model: str) -> Variant:
        """A variant of another model by the same parameters."""
        return replace(self, model=model)

    def changes(
        self, model: Model, read: Callable[[str], str], servers: Collection[str] = ()
    ) -> dict[str, object]:
        """The parameters as changes of options, by their fields.

        Args:
            model: The model, which has to take them.
            read: Gives the text of a file, by its path.
            servers: The names of the user's MCP servers.

        Raises:
            ValueError: The model does not take a value, or a schema is none; the message is for
                the user.
        """
        changes: dict[str, object] = {}
        for key, text in self.values:
            if key == SYSTEM:
                changes[SYSTEM] = "" if text == OFF else _content(text, read)
            elif key == SCHEMA:
                changes |= _schema(text, read)
            elif key == TOOLS:
                names = () if text == OFF else filter(None, text.split(","))
                changes[TOOLS] = named_tools(names, model, servers, f"{self.name}: {TOOLS}=")
            else:
                parameter = parameter_named(key)
                changes[parameter.name] = parameter.value(text, model, f"{self.name}: {key}")
        return changes


def read_variant(text: str) -> Variant:
    """The variant that a text such as ``MODEL effort=high system=@FILE`` describes.

    A value with spaces stands in quotation marks.

    Raises:
        ValueError: The text is no variant; the message, for the user, says what is wrong.
    """
    text = " ".join(text.splitlines()).strip()
    model, _, written = text.partition(" ")
    values: dict[str, str] = {}
    for word in _words(written):
        key, is_given, value = word.partition("=")
        if not is_given:
            raise ValueError(
                f"{text}: after the model stand parameters, such as effort=high; {word!r} is none"
            )
        known = _key(key, text)
        if known in values:
            raise ValueError(f"{text}: {key} is given twice")
        if not value:
            raise ValueError(f"{text}: {key} has no value; {key}={OFF} leaves it to the server")
        values[known] = value
    return Variant(model, written.strip(), tuple(values.items()))


NO_PRESETS: Mapping[str, Sequence[str]] = {}


def preset_columns(text: str, presets: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The columns that a text means: those of a preset for ``@NAME``, else the text alone.

    Args:
        text: A column as the user wrote it.
        presets: The columns of each preset.

    Raises:
        ValueError: There is no such preset, or it names another; the message is for the user.
    """
    if not text.startswith(_FILE):
        return (text,)
    name = text.removeprefix(_FILE)
    if name not in presets:
        known = did_you_mean(name, presets) or _known_presets(presets)
        raise ValueError(f"no preset is called {name}{known.removesuffix('.')}")
    columns = presets[name]
    if nested := next((each for each in columns if each.startswith(_FILE)), ""):
        raise ValueError(f"the preset {name} has the column {nested}: write models in its place")
    return columns


def _known_presets(presets: Mapping[str, Sequence[str]]) -> str:
    if not presets:
        return "; w in a comparison saves its columns as one"
    return f"; there are {', '.join(f'@{name}' for name in presets)}"


def read_variants(text: str, presets: Mapping[str, Sequence[str]] = NO_PRESETS) -> list[Variant]:
    """The variants in a text such as ``MODEL effort=low, MODEL effort=high`` or ``@PRESET``.

    Parameters follow their model; commas may stand between variants.

    Args:
        text: The text.
        presets: The columns of each preset.

    Raises:
        ValueError: One of them cannot be; the message is for the user.
    """
    _words(text)  # says which quotation mark is not closed
    groups: list[list[str]] = []
    for word in _WORD.findall(text):
        if "=" not in word:
            groups += [[name] for name in word.split(",") if name]
        elif groups:
            groups[-1].append(word.removesuffix(","))
        else:
            raise ValueError(f"{word}: before its parameters stands a model")
    return [
        read_variant(column)
        for group in groups
        for column in preset_columns(" ".join(group), presets)
    ]


def rewritten(written: str, before: Options, after: Options) -> str:
    """The parameters of a variant, as they were written, after its options have changed.

    Args:
        written: The parameters as they were written.
        before: The options before.
        after: The options after.
    """
    texts = {each.name: (each.text(before), each.text(after)) for each in PARAMETERS}
    texts[SYSTEM] = before.system, after.system
    texts[TOOLS] = ",".join(before.tools), ",".join(after.tools)
    changed = {name: new for name, (old, new) in texts.items() if old != new}
    kept = [word for word in _WORD.findall(written) if _named(word) not in changed]
    added = [f"{_SHORT.get(name, name)}={_quoted(text or OFF)}" for name, text in changed.items()]
    return " ".join([*kept, *added])


def options_in(written: str) -> frozenset[str]:
    """The names of the options that the parameters of a variant set."""
    return frozenset(map(_named, _WORD.findall(written)))


def _named(word: str) -> str:
    return _key(word.partition("=")[0], word)


def _quoted(text: str) -> str:
    """A text in quotation marks where it would not be one word."""
    if _WORD.fullmatch(text) and not _QUOTED.search(text):
        return text
    return f"'{text}'" if '"' in text and "'" not in text else '"{}"'.format(text.replace('"', "”"))


def _words(written: str) -> list[str]:
    """The words of a text; quotation marks, which are left out, hold spaces together."""
    if _WORD.sub("", written).strip():
        raise ValueError(f"{written}: a quotation mark is not closed")
    return [_QUOTED.sub(lambda quoted: quoted[0][1:-1], word) for word in _WORD.findall(written)]


def _key(word: str, text: str) -> str:
    """The key of a variant that a word names.

    Raises:
        ValueError: There is none.
    """
    if word in {SYSTEM, SCHEMA, TOOLS}:
        return word
    try:
        return parameter_named(word).name
    except ValueError:
        meant = did_you_mean(word, KEYS) or f"; there are {', '.join(KEYS)}"
        raise ValueError(
            f"{text}: no parameter is called {word}{meant.removesuffix('.')}"
        ) from None


def _content(text: str, read: Callable[[str], str]) -> str:
    return read(text.removeprefix(_FILE)) if text.startswith(_FILE) else text


def _schema(text: str, read: Callable[[str], str]) -> dict[str, object]:
    if text in {_ANY, OFF}:
        return {"schema": None, "is_json": text == _ANY}
    try:
        return {"schema": read_schema(_content(text, read)), "is_json": False}
    except ValueError as mistake:
        raise ValueError(f"schema={text}: {mistake}") from None
