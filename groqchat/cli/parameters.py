"""The options of commands that set parameters of a request, read by the table of all parameters."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.domain.models.request_parameters import (
    MOST_STOPS,
    OFF,
    parameter_named,
    stops_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from groqchat.domain.models.catalog import Model

# In the order of the help; the other parameters have options that are older than the table.
_HELP = {
    "temperature": ("T", "0 to 2; higher is more random"),
    "top_p": ("P", "0 to 1; only the likeliest tokens that make up this share"),
    "seed": ("N", "a whole number; equal requests then give like answers, as far as they can"),
    "stop": ("TEXT", f"end the answer before this text; up to {MOST_STOPS} times"),
    "reasoning_format": ("FORM", "parsed, raw or hidden, where the model has a choice"),
}


class Once(argparse.Action):
    """An option whose second value would silently replace the first, and is refused."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        """Keep the value.

        Raises:
            ArgumentError: There is one already.
        """
        if getattr(namespace, self.dest, None) is not None:
            raise argparse.ArgumentError(self, "given twice: one is taken")
        setattr(namespace, self.dest, values)


def add_parameters(parser: argparse.ArgumentParser) -> None:
    """Declare an option for each parameter; ``off`` leaves it to the server."""
    group = parser.add_argument_group(
        "parameters of the request", "as far as the model takes them; off: the server's default"
    )
    for name, (metavar, meaning) in _HELP.items():
        group.add_argument(
            parameter_named(name).option,
            metavar=metavar,
            help=meaning,
            action="append" if name == "stop" else "store",
        )


def parameters_given(args: argparse.Namespace, model: Model) -> dict[str, object]:
    """The parameters on a command line as changes of options.

    Raises:
        MisuseError: The model does not take a value; the message says what it takes.
    """
    given = {name: getattr(args, name) for name in _HELP}
    return {
        name: _stops(value) if isinstance(value, list) else parameter_value(name, value, model)
        for name, value in given.items()
        if value is not None
    }


def parameter_value(name: str, text: str, model: Model) -> object:
    """The value of a parameter on a command line.

    Raises:
        MisuseError: The model does not take it; the message says what it takes.
    """
    parameter = parameter_named(name)
    try:
        return parameter.value(text, model, parameter.option)
    except ValueError as mistake:
        raise MisuseError(str(mistake).removesuffix(".")) from None


def parameters_for_all(args: argparse.Namespace, models: Iterable[Model]) -> dict[str, object]:
    """The parameters on a command line for several models, each of which has to take them."""
    changes: dict[str, object] = {}
    for model in models:
        changes = parameters_given(args, model)
    return changes


def _stops(texts: list[str]) -> tuple[str, ...]:
    """The texts of ``--stop`` as they are written; ``off`` alone stands for none."""
    if texts == [OFF]:
        return ()
    found = stops_of(texts)
    if found is None:
        raise MisuseError(f"--stop: up to {MOST_STOPS} texts of 1 to 400 characters")
    return found
