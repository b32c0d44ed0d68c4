"""The command `/prompts`: a named prompt is used, edited, or begun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.models.request_parameters import parameter_named
from groqchat.domain.prompts.prompt_file import INPUT, PromptKind, read_word
from groqchat.domain.text.sanitize import sanitize
from groqchat.ui.prompts.picker import Chosen, ListedPrompt
from groqchat.ui.widgets.text import line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from groqchat.domain.prompts.prompt_file import PromptFile, Variable
    from groqchat.services.prompts.library import PromptLibrary
    from groqchat.ui.workspace.workspace import Workspace

_EDIT = ("edit", "new")
_LONGEST_SENTENCE = 300
# The place of the input in a text that is filled in: no file has it, and no screen shows it.
_HERE = "\ue000"


class PromptActions:
    """Uses and edits the named prompts of the user.

    Args:
        workspace: The parts of the chat.
        edit: Has a text edited in the user's editor; raises ``StorageError``.
    """

    def __init__(self, workspace: Workspace, edit: Callable[[str], str]) -> None:
        self._workspace = workspace
        self._edit = edit

    @property
    def _library(self) -> PromptLibrary:
        return self._workspace.services.prompts

    def words(self) -> Iterator[str]:
        """The words that may follow ``/prompts``: the names, and what else it does."""
        yield from (each.word for each in self._named())
        yield from _EDIT

    def _named(self) -> list[ListedPrompt]:
        return [
            ListedPrompt(name, kind) for kind in PromptKind for name in self._library.names(kind)
        ]

    async def prompts(self, argument: str) -> None:
        """Use the named prompt; ``edit NAME`` opens it in the editor, no name shows the list."""
        verb, _, rest = argument.partition(" ")
        is_edit = verb in _EDIT and bool(rest.strip())
        chosen = (
            Chosen((rest if is_edit else argument).strip(), is_edit)
            if argument
            else await self._picked()
        )
        if chosen is None:
            return
        try:
            if chosen.is_edit:
                self._edit_prompt(chosen.word)
            else:
                await self._use(chosen.word)
        except ValueError as mistake:
            said = line(str(mistake), _LONGEST_SENTENCE)
            end = "" if said.endswith(("?", ".")) else "."
            self._workspace.prompt.refuse(f"/prompts: {said}{end}", "prompts", argument)

    async def _picked(self) -> Chosen | None:
        from groqchat.ui.prompts.picker import PromptPicker

        listed = [self._read(each) for each in self._named()]
        listed += [
            ListedPrompt(path.stem, kind, mistake=sentence)
            for kind in PromptKind
            for path, sentence in self._library.misnamed(kind)
        ]
        picked = await self._workspace.ask(PromptPicker(listed, str(self._library.folder)))
        return picked if isinstance(picked, Chosen) else None

    def _read(self, listed: ListedPrompt) -> ListedPrompt:
        try:
            prompt = self._library.read(listed.kind, listed.name)
        except ValueError as mistake:
            return ListedPrompt(listed.name, listed.kind, mistake=str(mistake))
        return ListedPrompt(listed.name, listed.kind, prompt)

    # -- editing ------------------------------------------------------------------------------

    def _edit_prompt(self, word: str) -> None:
        """Have the file of a prompt edited, and say how it is used from then on."""
        kind, name = read_word(word)
        workspace, before = self._workspace, self._library.source(kind, name)
        try:
            after = self._edit(before)
        except StorageError as error:
            workspace.show_error(error)
            return
        if after.strip() == before.strip():
            workspace.notify("Nothing was changed.")
            return
        self._library.save(kind, name, after)
        self._library.read(kind, name)
        workspace.notify(f"Saved. /prompts {word} uses it.")

    # -- using --------------------------------------------------------------------------------

    async def _use(self, word: str) -> None:
        """Fill in a prompt: a template into the composer, a system prompt into the session.

        Raises:
            ValueError: It cannot be used; the message is for the user.
        """
        kind, name = read_word(word)
        prompt = self._library.read(kind, name)
        system = prompt if kind is PromptKind.SYSTEM else None
        if prompt.system:
            system = self._library.read(PromptKind.SYSTEM, prompt.system)
        changes = self._changes_of(prompt)
        written = self._workspace.composer.text.strip()
        given = {INPUT: written} if _has_input(prompt) else {}
        values = await self._values(prompt, system, given)
        if values is None:
            return
        if system is not None:
            changes["system"] = sanitize(system.filled(values))
        if changes:
            await self._workspace.set_options(**changes)
        if kind is PromptKind.TEMPLATE:
            self._write(prompt, values)
        self._tell(word, changes, kind)

    def _write(self, prompt: PromptFile, values: Mapping[str, str]) -> None:
        """Put a filled template into the composer, ready to be written on where its input goes."""
        area = self._workspace.composer.area
        if INPUT not in values:
            self._workspace.prompt.put_before(sanitize(prompt.filled(values)))
        else:
            text = sanitize(prompt.filled({**values, INPUT: _HERE + values[INPUT]}))
            before, _, behind = text.partition(_HERE)
            area.write(f"{before}{behind.replace(_HERE, '')}")
            if not values[INPUT]:
                rows = before.split("\n")
                area.move_cursor((len(rows) - 1, len(rows[-1])))
        area.focus()

    async def _values(
        self, prompt: PromptFile, system: PromptFile | None, given: Mapping[str, str]
    ) -> dict[str, str] | None:
        """The values of all variables, asked for where there are any; None: Esc was pressed."""
        both = [each for each in (prompt, system) if each is not None]
        variables: dict[str, Variable] = {}
        for each in (variable for one in both for variable in one.variables):
            known = variables.get(each.name)
            if each.name not in given and (known is None or known.default is None):
                variables[each.name] = each
        if not variables:
            return dict(given)
        from groqchat.ui.prompts.form import VariablesForm

        left = {each.name: f"{{{{{each.name}}}}}" for each in variables.values()}
        defaults = {each.name: each.default for each in variables.values() if each.default}

        def preview(values: Mapping[str, str]) -> str:
            return sanitize(prompt.filled(left | defaults | dict(given) | dict(values)))

        form = VariablesForm(prompt.name, tuple(variables.values()), preview)
        values = await self._workspace.ask(form)
        return None if values is None else {**given, **values}

    def _changes_of(self, prompt: PromptFile) -> dict[str, object]:
        """The options that the front matter names.

        Raises:
            ValueError: The model does not take one; the message is for the user.
        """
        changes: dict[str, object] = {"model": prompt.model} if prompt.model else {}
        model = self._workspace.catalog.get(prompt.model or self._workspace.options.model)
        for name, text in prompt.parameters.items():
            changes[name] = parameter_named(name).value(text, model)
        return changes

    def _tell(self, word: str, changes: Mapping[str, object], kind: PromptKind) -> None:
        """Say what of the session has changed."""
        if kind is PromptKind.SYSTEM:
            ways = "/system shows it, /system off removes it."
            self._workspace.notify(f"System prompt {word} set, in this session. {ways}")
        elif changes:
            names = ["system prompt" if name == "system" else name for name in changes]
            self._workspace.notify(f"Set by {word}, in this session: {', '.join(names)}.")


def _has_input(prompt: PromptFile) -> bool:
    return any(each.name == INPUT for each in prompt.variables)
