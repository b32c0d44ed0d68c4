"""The schema of ``ask --schema``: reading it, and checking the answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from groqchat.cli.failures import MisuseError
from groqchat.cli.output import DIM, narrate
from groqchat.cli.parameters import Once
from groqchat.cli.prompts import read_text, warn_of_secrets
from groqchat.domain.models.parameters import fitted, refused_options
from groqchat.domain.structured.response_format import IN_SYSTEM_PROMPT, sent_schema
from groqchat.domain.structured.schema import is_path, read_schema
from groqchat.domain.structured.validation import parsed
from groqchat.domain.turns.answer_form import asked_form, mismatch_error
from groqchat.domain.turns.combinations import conflict

if TYPE_CHECKING:
    import argparse

    from groqchat.domain.models.catalog import Model
    from groqchat.domain.turns.chat import Message, Options

ANY, OFF = "any", "off"
_LONGEST_NAME = 200
_OTHERS = (
    "groqchat models --json names those with the ability structured_outputs; "
    "choose one with --model"
)


def add_schema(parser: argparse.ArgumentParser) -> None:
    """Declare ``--schema``."""
    parser.add_argument(
        "--schema",
        action=Once,
        metavar="SCHEMA",
        help="answer in JSON by this schema: a FILE of JSON Schema, or the short form "
        "'name str, age int'; any: any JSON object; off: not as the session was asked before",
    )


def schema_given(args: argparse.Namespace) -> dict[str, object]:
    """The schema on a command line as changes of options.

    Raises:
        MisuseError: It cannot be read; the message says why.
    """
    if args.schema is None:
        return {}
    if args.schema in {ANY, OFF}:
        return {"schema": None, "is_json": args.schema == ANY}
    text, name = _source(args.schema)
    try:
        schema = read_schema(text)
    except ValueError as mistake:
        called = f"--schema {name}" if name else "--schema"
        raise MisuseError(f"{called}: {mistake}") from None
    warn_of_secrets(schema, "the schema")
    return {"schema": schema, "is_json": False}


def _source(given: str) -> tuple[str, str]:
    """The text of a schema with the name of its file; without a name, what is written."""
    path = Path(given.removeprefix("@"))
    is_short = len(given) <= _LONGEST_NAME and "\n" not in given
    if is_path(given) or (is_short and path.is_file()):
        return read_text(path), str(path)
    return given, ""


def check_form(options: Options, model: Model) -> None:
    """Refuse what the model or Groq would refuse about the form of an answer; tell of changes.

    Raises:
        MisuseError: The answer cannot be had in this form.
    """
    if not (options.is_json or options.schema):
        return
    if reason := refused_options(options, model).get("response_format"):
        raise MisuseError(f"--schema: {reason}; {_OTHERS}")
    told = fitted(options, model)
    if found := conflict(told):
        raise MisuseError(found.words)
    if told.schema is None:
        return
    if told.schema_form in IN_SYSTEM_PROMPT:
        narrate(f"groqchat: {model.id} takes no schema: it is put into the system prompt.", DIM)
        return
    for note in sent_schema(told.schema, told.schema_form).notes:
        narrate(f"groqchat: about the schema: {note}.", DIM)


async def check_answer(message: Message) -> dict[str, object]:
    """The value of an answer that was asked for in JSON, by the name in documents; else empty.

    Raises:
        GroqchatError: The answer is not what was asked for.
    """
    form = asked_form(message.asked_with)
    if form is None:
        return {}
    from groqchat.services.checking.checker import LIMIT_S, verdict_on

    verdict = await verdict_on(form, message.content)
    if verdict.wrong:
        raise mismatch_error(message, verdict.wrong)
    if not verdict.is_whole:
        narrate(f"groqchat: patterns of the schema took over {LIMIT_S:g} s and are not checked.")
    return {"parsed": parsed(message.content)}
