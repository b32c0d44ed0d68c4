"""The list of keys: one is used, checked, renewed, renamed, removed there, or added."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from groqchat.domain.errors.tree import StorageError
from groqchat.domain.text.secret import KEY_VARIABLE
from groqchat.services.account.keys import FoundKey, UnknownProfileError

if TYPE_CHECKING:
    from groqchat.ui.keys.entering import KeyEntering
    from groqchat.ui.keys.list import KeyRow, KeyWish
    from groqchat.ui.keys.waiting import KeyringWait
    from groqchat.ui.workspace.workspace import Workspace


class KeyManagement:
    """Shows all keys of this user, and carries out what is chosen there.

    Args:
        workspace: The parts of the chat.
        keyring: The wait for a keyring that asks.
        entering: Has keys entered.
    """

    def __init__(self, workspace: Workspace, keyring: KeyringWait, entering: KeyEntering) -> None:
        self._workspace = workspace
        self._keyring = keyring
        self._entering = entering
        # Those that no keyring has: from the environment, a command, or typed for this run.
        self._unstored: dict[str, FoundKey] = {}
        # The key that something was done with last.
        self._last: KeyRow | None = None

    async def show(self) -> bool:
        """Open the list until it is closed; False where there is no key to list."""
        from groqchat.ui.keys.list import KeysScreen

        said = ""
        self._last = None
        while True:
            rows = await self._rows()
            if not rows:
                return False
            dialog = KeysScreen(rows, self._checked, said, self._last)
            wish: KeyWish | None = await self._workspace.ask(dialog)
            if wish is None:
                return True
            self._last = wish[1]
            try:
                said = await self._keyring.unless_given_up(self._carry_out(wish)) or ""
            except StorageError as error:
                said = f"{error.message} {error.suggestion}"
            except (UnknownProfileError, ValueError) as mistake:
                said = f"This cannot be used: {mistake}."

    # -- the keys there are -------------------------------------------------------------------

    async def _rows(self) -> list[KeyRow]:
        from groqchat.ui.keys.list import KeyRow

        used = self._entering.used
        if used is not None and used.source != "keyring":
            self._unstored[used.source] = used
        rows = [_row(key) for key in self._unstored.values()]
        profiles = await self._workspace.services.keys.list()
        if used and used.source == "keyring" and used.profile not in {p.name for p in profiles}:
            rows.append(_row(used))
        for profile in profiles:
            row = KeyRow(profile.name, profile.masked, "keyring")
            rows.append(
                replace(
                    row,
                    organisation=profile.organisation,
                    checked=profile.last_checked,
                    status=profile.status,
                )
            )
        return [self._with_account(row, used) for row in rows]

    def _with_account(self, row: KeyRow, used: FoundKey | None) -> KeyRow:
        """The row with plan and number of models, if the chat uses this key."""
        workspace = self._workspace
        if used is None or (used.profile, used.source) != (row.name, row.source):
            return row
        assert workspace.account.connection is not None  # noqa: S101 - a key is in use
        view = workspace.account.connection.quota.view(workspace.options.model)
        inferred = ", inferred" if view.plan_inferred else ""
        plan = f"{view.plan}{inferred}" if view.plan else "unknown until the first answer"
        models = sum(model.live is True for model in workspace.catalog.models.values())
        return replace(row, is_used=True, store=used.store, plan=plan, models=models or None)

    async def _checked(self, row: KeyRow) -> KeyRow:
        """Check a key; returns its row with what was found."""
        keys = self._workspace.services.keys
        key = await self._key_of(row)
        check = await keys.check(key.secret, row.name if row.is_stored else None)
        return replace(
            row,
            masked=key.secret.masked,
            checked=self._workspace.services.clock.now(),
            status=check.status,
            found=f"{check.message} {check.suggestion}".strip(),
            models=row.models if check.models is None else check.models,
        )

    async def _key_of(self, row: KeyRow) -> FoundKey:
        if row.is_stored:
            return await self._workspace.services.keys.find(row.name, None)
        return self._unstored[row.source]

    # -- actions ------------------------------------------------------------------------------

    async def _carry_out(self, wish: KeyWish) -> str:
        """Do what was chosen; returns what is to be said about it."""
        from groqchat.ui.keys.list import KeyAction

        match wish:
            case (KeyAction.USE, row) if row is not None:
                return await self._switch(row)
            case (KeyAction.ROTATE, row) if row is not None:
                return await self._rotate(row)
            case (KeyAction.RENAME, row) if row is not None:
                return await self._rename(row.name)
            case (KeyAction.REMOVE, row) if row is not None:
                return await self._remove(row)
        return await self._add()

    async def _switch(self, row: KeyRow) -> str:
        key = await self._key_of(row)
        if row.is_stored:
            await self._workspace.services.keys.use(row.name)
        await self._entering.use(key)
        return f"The chat uses {row.name} ({key.secret.masked}) now."

    async def _add(self) -> str:
        name = await self._named("", "Name of the new key", "next")
        if not name:
            return ""
        if any(profile.name == name for profile in await self._workspace.services.keys.list()):
            return f"There is a key under the name {name} already; o rotates it."
        entered = await self._entering.entered(name, f"A new key under the name {name}.")
        if not isinstance(entered, FoundKey):
            return ""
        self._last = _row(entered)
        if entered.source == "keyring":
            return f"Stored as {name} in {entered.store}; Enter uses it."
        await self._entering.use(entered)
        return "It is not stored; the chat uses it for this run."

    async def _rotate(self, row: KeyRow) -> str:
        """Have a new key entered, checked and stored in the place of the old one."""
        old = row.masked or "the old one"
        why = f"Make a new key for {row.name}; {old} stays until the new one works."
        entered = await self._entering.entered(row.name, why)
        if not isinstance(entered, FoundKey):
            return f"Nothing has changed; {old} is still there."
        if row.is_used or entered.source != "keyring":
            await self._entering.use(entered)
        if entered.source != "keyring":
            return f"The new key is used for this run; {old} is still there."
        done = f"{row.name} is {entered.secret.masked} now, in {entered.store}."
        if row.source == "env":
            return f"{done} {still_there(old)}"
        asked = self._workspace.services.keys.server_of(row.name)
        rest = f"it is forgotten here, but {asked.name} still takes it"
        where = asked.keys if asked.is_groq else asked.name
        return f"{done} Delete {old} at {where}: {rest}."

    async def _rename(self, old: str) -> str:
        services = self._workspace.services
        new = await self._named(old, "Rename the key", "rename")
        if not new or new == old:
            return ""
        said = f"{old} is called {new} now."
        try:
            await services.keys.rename(old, new, is_default=old == services.settings.profile)
        except StorageError as error:
            if error.cause.name != "key_left_behind":
                raise
            said = f"{error.message} {error.suggestion}"
        if self._last is not None:
            self._last = replace(self._last, name=new)
        used = self._entering.used
        if used is not None and (used.profile, used.source) == (old, "keyring"):
            await self._entering.use(replace(used, profile=new))
        return said

    async def _remove(self, row: KeyRow) -> str:
        from groqchat.ui.dialogs.confirm import Confirm

        question = f"Remove the key of {row.name} ({row.masked}) from the keyring permanently?"
        if not await self._workspace.ask(Confirm(question, "Remove")):
            return ""
        await self._workspace.services.keys.remove(row.name)
        removed = f"The key of {row.name} is removed."
        if not row.is_used or self._workspace.account.connection is None:
            return removed
        self._workspace.account.forget_stored_key()
        return f"{removed} The chat goes on with it until it ends."

    async def _named(self, name: str, heading: str, verb: str) -> str | None:
        from groqchat.ui.dialogs.rename import RenameScreen

        return await self._workspace.ask(RenameScreen(name, heading, verb))


def _row(key: FoundKey) -> KeyRow:
    """The row of a key, without anything about its account."""
    from groqchat.ui.keys.list import KeyRow

    return KeyRow(key.profile, key.secret.masked, key.source, key.store)


def still_there(old: str) -> str:
    """The sentence on a key in the environment that was renewed here."""
    return f"{KEY_VARIABLE} still holds {old}, and is used at the next start: change it there too."
