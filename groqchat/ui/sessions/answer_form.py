"""Commands about the form of answers: JSON by a schema, any JSON object, or text."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.images.shown import line
from groqchat.domain.models.parameters import fitted, refused_options
from groqchat.domain.structured.response_format import IN_SYSTEM_PROMPT, SchemaForm, sent_schema
from groqchat.domain.structured.schema import is_path, keys_of, read_schema
from groqchat.domain.turns.combinations import conflict
from groqchat.ui.commands import OFF
from groqchat.ui.sessions.option_reading import OptionReading
from groqchat.ui.sessions.secret_warning import warn_of_secrets
from groqchat.ui.terminal.files import is_file, path_from, read_text

if TYPE_CHECKING:
    from groqchat.domain.turns.chat import Options

_ON = "on"
_LONGEST = 200
_HOW = (
    "Answers are plain text. /schema name, age int? asks for JSON with these keys, /schema FILE "
    "for JSON by a file of JSON Schema, and /json for any JSON object."
)
_PROMPTED = "this model takes no schema, so it stands in the system prompt"
_FORMS = {
    SchemaForm.STRICT: "the model is held to it",
    SchemaForm.BEST_EFFORT: "as well as the model can",
    SchemaForm.DESCRIBED: _PROMPTED,
    SchemaForm.PROMPTED: _PROMPTED,
}
_WHOLE = " Such answers are not streamed: they come as a whole."


class AnswerFormActions(OptionReading):
    """Sets the form of the answers of the open session, from its next prompt on."""

    async def set_schema(self, argument: str) -> None:
        """Show, set or remove the schema that answers follow."""
        if not argument:
            self._show()
        elif argument.lower() == OFF:
            await self._parts.set_options(schema=None, is_json=False)
            self._parts.notify("Answers are plain text again, in this session.")
        else:
            try:
                schema = await asyncio.to_thread(_read, argument)
            except (ValueError, StorageError) as mistake:
                of_file = mistake.facts.detail if isinstance(mistake, StorageError) else ""
                reason = of_file or str(mistake)
                said = f"/schema: {line(reason, 2 * _LONGEST)}."
                self._parts.prompt.refuse(said, "schema", argument)
                return
            await self._parts.set_options(schema=schema, is_json=False)
            self._show()
            warn_of_secrets(self._parts.notify, schema, "The schema", "/schema off")

    async def set_json(self, argument: str) -> None:
        """Ask for any JSON object, or no longer."""
        word = argument.lower()
        if word not in {"", _ON, OFF}:
            said = f"/json {line(argument)}: write /json, or /json off."
            self._parts.prompt.refuse(said, "json", argument)
        elif word == OFF:
            await self.set_schema(OFF)
        else:
            await self._parts.set_options(schema=None, is_json=True)
            self._show()

    def _show(self) -> None:
        """Say what is asked for, what is changed for that, and what stands in its way."""
        options, model = self._options, self._model
        if options.schema is None and not options.is_json:
            self._parts.notify(_HOW)
            return
        told = fitted(options, model)
        if reason := refused_options(options, model).get("response_format"):
            said = f"{reason}: answers stay plain text with this model. Ctrl+L chooses another."
            self._parts.notify(said, severity="warning")
        elif found := conflict(told):
            self._parts.notify(found.sentence, severity="warning")
        elif options.schema is None:
            self._parts.notify("Answers are JSON objects, in this session; /json off ends it.")
        else:
            self._parts.notify(_described(options.schema, told), stays=True)


def _described(schema: str, told: Options) -> str:
    """The schema in words, and what was changed of it to be sent."""
    form = SchemaForm(told.schema_form or SchemaForm.BEST_EFFORT)
    notes = () if form in IN_SYSTEM_PROMPT else sent_schema(schema, form).notes
    changed = f" Changed for Groq: {'; '.join(notes)}." if notes else ""
    whole = "" if form in IN_SYSTEM_PROMPT else _WHOLE
    keys = line(keys_of(schema), _LONGEST)
    return f"Answers are JSON with {keys}: {_FORMS[form]}.{changed}{whole} /schema off ends it."


def _read(argument: str) -> str:
    """The schema that is written, or that is in the named file."""
    name = argument.removeprefix("@")
    path = path_from(name)
    if not is_path(argument) and not (len(argument) <= _LONGEST and is_file(path)):
        return read_schema(argument)
    text = read_text(path)
    try:
        return read_schema(text)
    except ValueError as mistake:
        raise ValueError(f"{path}: {mistake}") from None
