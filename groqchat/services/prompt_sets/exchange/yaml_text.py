"""YAML of foreign files: plain values alone, by the rules of YAML 1.2, with the lines of objects.

PyYAML's safe loader makes no objects of a program. It reads YAML 1.1, in which ``no`` is false,
``1:30`` a number and ``2026-11-29`` a date; what other programs write is YAML 1.2, in which they
are texts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yaml import SafeDumper, SafeLoader

INSTALL = "pip install 'pyyaml>=6,<7'"
"""The command that installs what reads and writes YAML."""
MOST_BYTES = 8 * 1024 * 1024
_MOST_VALUES = 1_000_000
_BOOLEAN = re.compile(r"(?:true|True|TRUE|false|False|FALSE)$")
_WHOLE = re.compile(r"(?:[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+)$")
_IMPLICIT = ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:int", "tag:yaml.org,2002:timestamp")


class Mapping(dict[str, Any]):
    """An object of a file; ``line`` is where it begins."""

    line = 0


class Lines(list[Any]):
    """A list of a file; ``lines`` are where its elements begin."""

    lines: tuple[int, ...] = ()


def read_yaml(text: str) -> Any:  # noqa: ANN401  # YAML may be anything
    """The value of a YAML text.

    Raises:
        ValueError: It is no YAML, or too large; the message is for the user.
        ImportError: PyYAML is not installed.
    """
    import yaml

    if len(text) > MOST_BYTES:
        raise ValueError("it is too large")
    try:
        found = yaml.load(text, Loader=_loader())  # noqa: S506  # it is a safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}: " if mark else ""
        told = getattr(error, "problem", None) or "it cannot be read"
        raise ValueError(f"{where}this is no YAML: {told}") from None
    except RecursionError:
        raise ValueError("this is no YAML: it is nested too deep") from None
    _values_in(found, {})
    return found


def _values_in(value: object, known: dict[int, int]) -> int:
    """The number of values with those that aliases repeat; refuses what is too much."""
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        parts = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_values_in(part, known) for part in parts)
        if known[id(value)] > _MOST_VALUES:
            raise ValueError("its aliases make it too large")
    return known[id(value)]


def _loader() -> type[SafeLoader]:
    """A safe loader by the rules of YAML 1.2, which knows lines."""
    from yaml import MappingNode, SafeLoader, SequenceNode

    class Loader(SafeLoader):
        """The loader."""

    Loader.yaml_implicit_resolvers = {
        first: [pair for pair in pairs if pair[0] not in _IMPLICIT]
        for first, pairs in SafeLoader.yaml_implicit_resolvers.items()
    }
    Loader.add_implicit_resolver(_IMPLICIT[0], _BOOLEAN, list("tTfF"))
    Loader.add_implicit_resolver(_IMPLICIT[1], _WHOLE, list("-+0123456789"))

    def mapping(loader: SafeLoader, node: MappingNode) -> Mapping:
        loader.flatten_mapping(node)
        pairs = loader.construct_mapping(node, deep=True)
        made = Mapping((str(name), value) for name, value in pairs.items())
        made.line = node.start_mark.line + 1
        return made

    def sequence(loader: SafeLoader, node: SequenceNode) -> Lines:
        made = Lines(loader.construct_sequence(node, deep=True))
        made.lines = tuple(each.start_mark.line + 1 for each in node.value)
        return made

    Loader.add_constructor("tag:yaml.org,2002:map", mapping)
    Loader.add_constructor("tag:yaml.org,2002:seq", sequence)
    return Loader


def write_yaml(document: object) -> str:
    """A document as YAML; texts of several lines stand as blocks.

    Raises:
        ImportError: PyYAML is not installed.
    """
    import yaml

    text: str = yaml.dump(
        document, Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=100
    )
    return text


def _dumper() -> type[SafeDumper]:
    from yaml import SafeDumper, ScalarNode

    class Dumper(SafeDumper):
        """The dumper, which writes no aliases."""

        def ignore_aliases(self, data: object) -> bool:
            return True

    def text(dumper: SafeDumper, value: str) -> ScalarNode:
        style = "|" if "\n" in value else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=style)

    Dumper.add_representer(str, text)
    return Dumper
