"""The options of ``ask`` that name prompts in files, and the values of their variables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.cli.parameters import Once
from groqchat.cli.prompts import read_system, refuse_bytes, written_or_read

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping, Sequence

    from groqchat.domain.prompts.prompt_file import PromptFile

# Options that are older than the table of parameters, by the parameter.
_DESTINATIONS = {"service_tier": "tier"}
# As `domain.prompts.prompt_file` has it, which is not loaded for a prompt without a name.
_OF_SYSTEM = "system/"


def add_template_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options about named prompts."""
    group = parser.add_argument_group(
        "named prompts", "groqchat prompts list shows them; they are Markdown files of your own"
    )
    group.add_argument(
        "--template", action=Once, metavar="NAME", help="make the prompt from this template"
    )
    group.add_argument("--system-name", action=Once, metavar="NAME", help="take this system prompt")
    add_values(group)


def add_values(group: argparse._ActionsContainer) -> None:
    """Declare ``--var``."""
    group.add_argument(
        "--var",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="the value of a {{variable}}; NAME=@FILE takes the text of a file",
    )


class NamedPrompts:
    """The template and the system prompt that a command line names.

    Raises:
        MisuseError: One of them is missing or has a mistake, or a variable is unknown.
    """

    def __init__(self, args: argparse.Namespace) -> None:
        read_system(args)
        refuse_bytes(args.system or "", "the system prompt")
        if args.system is not None and args.system_name:
            raise MisuseError("give either --system or --system-name, not both")
        self._template: PromptFile | None = None
        self._system: PromptFile | None = None
        self._named: list[PromptFile] = []
        for option, name in (("--template", args.template), ("--system-name", args.system_name)):
            if name is not None and not name.strip():
                raise MisuseError(f"{option} names none; groqchat prompts list shows them")
        if args.template or args.system_name:
            system = args.system_name and args.system_name.removeprefix(_OF_SYSTEM)
            self._read(args.template, system, has_system=args.system is not None)
        elif args.var:
            raise MisuseError("--var is for --template or --system-name: name one")
        self._values = values_of(args.var)
        check_names(self._named, self._values)

    def _read(self, template: str | None, system: str | None, *, has_system: bool) -> None:
        from groqchat.domain.prompts.prompt_file import PromptKind
        from groqchat.services.prompts.library import PromptLibrary
        from groqchat.storage.settings.paths import folders

        library = PromptLibrary(folders().prompts)
        try:
            if template:
                self._template = library.read(PromptKind.TEMPLATE, template)
                self._named.append(self._template)
            own = self._template.system if self._template and not has_system else ""
            if name := system or own:
                self._system = library.read(PromptKind.SYSTEM, name)
                self._named.append(self._system)
        except ValueError as mistake:
            raise MisuseError(str(mistake)) from None

    def fill(self, written: str) -> str:
        """The prompt of what is written on the command line and piped in.

        It is the value of the variable ``input``; a template without that goes before it.
        """
        if self._template is None:
            return written
        from groqchat.domain.prompts.prompt_file import INPUT

        has_input = any(each.name == INPUT for each in self._template.variables)
        values = {INPUT: written, **self._values} if written else self._values
        text = filled(self._template, values)
        is_before = written and not has_input
        return f"{text}\n\n{written}" if is_before else text

    def apply(self, args: argparse.Namespace) -> None:
        """Add to a command line what it leaves open and the prompts name.

        Raises:
            MisuseError: A variable of the system prompt has no value, or a parameter is wrong.
        """
        if self._system is not None:
            args.system = filled(self._system, self._values)
        if self._template is None:
            return
        args.model = args.model or self._template.model or None
        for name, text in self._template.parameters.items():
            place = _DESTINATIONS.get(name, name)
            if getattr(args, place) is None:
                setattr(args, place, _value(self._template.name, name, text))


def filled(prompt: PromptFile, values: Mapping[str, str]) -> str:
    """The text of a prompt with its values; MisuseError where one is missing."""
    try:
        return prompt.filled(values)
    except ValueError as mistake:
        raise MisuseError(f"{mistake}: --var NAME=VALUE gives it") from None


def values_of(written: Sequence[str]) -> dict[str, str]:
    """The values of variables by their names.

    Raises:
        MisuseError: One has no name, is given twice, or its file cannot be read.
    """
    values: dict[str, str] = {}
    for each in written:
        name, sign, value = each.partition("=")
        if not sign or not name.strip():
            raise MisuseError(f"--var {each}: write NAME=VALUE")
        if name.strip() in values:
            raise MisuseError(f"--var {name.strip()} is given twice")
        refuse_bytes(value, f"--var {name.strip()}")
        values[name.strip()] = written_or_read(value)
    return values


def check_names(prompts: Sequence[PromptFile], values: Mapping[str, str]) -> None:
    """Refuse a value of a variable that none of the prompts has."""
    for name in values:
        unknown = [each.unknown([name]) for each in prompts]
        if unknown and all(unknown):
            raise MisuseError(f"--var: {unknown[0]}")


def _value(template: str, name: str, text: str) -> object:
    """The value of a template's parameter as its option on the command line would have it."""
    from groqchat.domain.models.catalog import Model
    from groqchat.domain.models.request_parameters import parameter_named

    try:
        value = parameter_named(name).value(text, Model("a model"))
    except ValueError as mistake:
        raise MisuseError(f"template {template}: {mistake}") from None
    match value:
        case tuple():
            return list(value)
        case int() if name == "max_tokens":
            return value
        case _:
            return text
