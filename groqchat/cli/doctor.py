"""``groqchat doctor``: checks of terminal, database, keyring, key and network, with advice."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

from groqchat import __version__
from groqchat.cli.arguments import add_json, add_profile, narrate_question, used_key
from groqchat.cli.examining.finding import Finding
from groqchat.cli.exit_codes import ExitCode
from groqchat.cli.failures import exit_code_of
from groqchat.cli.keys.key_check import EXIT_CODES
from groqchat.cli.output import DIM, GREEN, RED, YELLOW, print_json, say
from groqchat.cli.terminal_colours import colours
from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.terminals import advice, multiplexer
from groqchat.domain.text.humanize import counted
from groqchat.media.recorders import recorder, what_to_install
from groqchat.media.tools import PYAV, audio_tool
from groqchat.provider.packages import install_command, remove_command
from groqchat.storage.keys.errors import this_place
from groqchat.storage.settings.paths import folders

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Iterator

    from groqchat.bootstrap import LocalServices

HELP = "terminal, sound, folders, database, keyring, key, network: what works"
EXAMPLES = """\
groqchat doctor
groqchat doctor --json
"""
_SMALLEST = (40, 12)
# Another project's distribution, with an import package of our name.
_NAMESAKE = "groqchat"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    add_profile(parser)
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Run all checks and print their results."""
    import asyncio

    findings = asyncio.run(_examine(args))
    failed = [finding for finding in findings if not finding.ok and finding.is_needed]
    if args.json:
        print_json({"ok": not failed, "checks": [asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            _print(finding)
    return failed[0].exit_code if failed else ExitCode.DONE


async def _examine(args: argparse.Namespace) -> list[Finding]:
    from groqchat.bootstrap import Launch, LocalServices
    from groqchat.cli.examining.terminal import copying, keyboard

    findings = [_versions(), _package(), _terminal()]
    findings += [keyboard(), copying()] if findings[-1].ok is not None else []
    findings += [_sound(), _recorder()]
    services = LocalServices(Launch(profile=args.profile))
    services.keys.on_question(narrate_question)
    try:
        findings += [finding async for finding in _checks(services)]
    finally:
        await services.close()
    return findings


async def _checks(services: LocalServices) -> AsyncIterator[Finding]:
    from groqchat.cli.examining.machine import disk
    from groqchat.cli.examining.network import clock, proxy

    yield _settings(services)
    for finding in _servers(services):
        yield finding
    for finding in _keys(services):
        yield finding
    yield disk(services.database_path.parent)
    yield await _database(services)
    async for finding in _models(services):
        yield finding
    yield Finding("log", True, str(folders().log_file))
    yield await _keyring(services)
    yield await proxy(services.base_url)
    try:
        key = await used_key(services)
    except GroqchatError as error:
        yield _failed("key", error)
        return
    detail = f"{key.secret.masked} from {key.store or key.source}, profile {key.profile}"
    hint = "GROQ_API_KEY is used instead of the stored key." if key.shadows_stored else ""
    yield Finding("key", True, detail, hint)
    check = await services.keys.check(key.secret)
    reached = f"{check.message} {_without_userinfo(services.base_url)}, {check.latency_ms} ms"
    code = EXIT_CODES[check.status]
    yield Finding("network", check.is_good, reached, check.command_suggestion, code)
    if check.is_good:
        yield clock(check)


def _versions() -> Finding:
    from importlib.metadata import PackageNotFoundError, version

    from groqchat.ui.terminal.tried import untried_notice

    def of(package: str) -> str:
        try:
            return f"{package} {version(package)}"
        except PackageNotFoundError:
            return f"{package} missing"

    packages = ", ".join(map(of, ("textual", "groq", "keyring")))
    here = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    hint = untried_notice(of("textual").partition(" ")[2])
    return Finding("versions", True, f"groqchat {__version__}, {packages}, {here}", hint)


def _package() -> Finding:
    """The check for another distribution of the same files, such as that on the public index."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        found = version(_NAMESAKE)
    except PackageNotFoundError:
        return Finding("package", True, f"groqchat-tui in {sys.prefix}")
    detail = f"{_NAMESAKE} {found} is in {sys.prefix} too, and its files are in the way of ours"
    hint = f"Remove it ({remove_command(_NAMESAKE)}), then install ours again from its checkout."
    return Finding("package", False, detail, hint)


def _terminal() -> Finding:
    term = os.environ.get("TERM", "")
    streams = {"stdin": sys.stdin, "stdout": sys.stdout, "stderr": sys.stderr}
    if other := next((name for name, stream in streams.items() if not stream.isatty()), None):
        return Finding("terminal", None, f"not checked: {other} is not a terminal")
    if term in {"", "dumb"} and sys.platform != "win32":
        hint = "Set TERM to what it is, such as xterm-256color; `groqchat --plain` chats by lines."
        return Finding("terminal", False, f"TERM is {term or 'not set'}: no screen here", hint)
    size = shutil.get_terminal_size()
    shown = colours()
    detail = f"{multiplexer(os.environ) or 'no multiplexer'}, {term}, {shown.words}"
    detail += f", {size.columns}×{size.lines}"
    if size < _SMALLEST:
        return Finding("terminal", False, detail, "Make the window 40 columns by 12 lines or more.")
    return Finding("terminal", True, detail, " ".join(advice(os.environ, shown)))


def _sound() -> Finding:
    """The check for what sound files are read with, which ``transcribe`` cuts long ones with."""
    tool = audio_tool()
    if tool is not None:
        return Finding("sound", True, f"sound files are read with {tool.name}")
    detail = "neither PyAV nor FFmpeg: only short files are transcribed, unconverted"
    hint = f"Install FFmpeg with ffprobe, or PyAV: {install_command(PYAV)}"
    return Finding("sound", False, detail, hint)


def _recorder() -> Finding:
    """The check for what records, which talking in the chat needs."""
    found = recorder()
    if found is not None:
        return Finding("recorder", True, f"/talk records with {found.name}")
    hint = f"To talk in the chat, install {what_to_install(install_command)}."
    return Finding("recorder", False, "no program that records from a microphone", hint)


def _servers(services: LocalServices) -> Iterator[Finding]:
    """The check for the package that MCP servers need, where there are any."""
    from importlib.util import find_spec

    from groqchat.mcp.sources import REQUIREMENT

    servers = [each.name for each in services.settings.mcp.values() if not each.problem]
    for name in services.settings.mcp.keys() - servers:
        problem = services.settings.mcp[name].problem
        hint = "Correct its table; the other servers are not touched by it."
        yield Finding("mcp", False, f"{name} is left out: {problem}", hint)
    if not servers:
        return
    names = f"{counted(len(servers), 'MCP server')}: {', '.join(servers)}"
    if find_spec("mcp") is None:
        hint = f"Install the package that asks them: {install_command(REQUIREMENT)}"
        yield Finding("mcp", False, names, hint)
    else:
        yield Finding("mcp", None, names, "`groqchat mcp test` starts them.")


def _settings(services: LocalServices) -> Finding:
    detail = str(services.settings_path)
    if not services.mistakes:
        return Finding("settings", True, detail)
    hint = "Correct it; nothing is sent until then where a budget or an endpoint may be meant."
    mistakes = "; ".join(services.mistakes)
    said = mistakes if mistakes.startswith(detail) else f"{detail}: {mistakes}"
    return Finding("settings", False, said, hint)


def _keys(services: LocalServices) -> Iterator[Finding]:
    """The user's own key bindings, if there are any."""
    from groqchat.ui.widgets.keymap import flaws, keymap, only_by_protocol

    wanted = services.settings.keys
    if not wanted:
        return
    detail = ", ".join(f"{name}: {keys}" for name, keys in keymap(wanted).items())
    rare = ", ".join(only_by_protocol(wanted))
    hint = f"Only terminals with kitty's keyboard protocol send {rare}." if rare else ""
    found = flaws(wanted)
    yield Finding("keys", not found, "; ".join((*found, detail)), hint)


async def _database(services: LocalServices) -> Finding:
    import asyncio

    from groqchat.storage.database.recovery import complaint_about

    path = services.database_path
    complaint = await asyncio.to_thread(complaint_about, path)
    try:
        await services.start()
        is_added_up = await services.ledger.mend_sums()
    except GroqchatError as error:
        return _failed("database", error)
    told = [str(path), *services.notices]
    if complaint:
        told.insert(1, f"damaged: {complaint}")
        hint = (
            "`groqchat restore FILE` brings a backup back; `groqchat backup FILE` saves the rest."
        )
        return Finding("database", False, "; ".join(told), hint)
    if not is_added_up:
        told.append("the sums of usage differed from the ledger and were added up anew")
    return Finding("database", True, "; ".join(told))


async def _models(services: LocalServices) -> AsyncIterator[Finding]:
    """Announced shutdowns, unexpected limits and unknown fallbacks, if there are any."""
    from groqchat.cli.examining.models import (
        announced_shutdowns,
        differing_limits,
        metered_plan,
        unknown_fallbacks,
    )

    if unknown := unknown_fallbacks(services):
        detail = f"{', '.join(unknown)}: no endpoint is called so, and no model that is known here"
        hint = "Correct fallback in config.toml, or name the endpoint under [endpoints]."
        yield Finding("fallback", False, detail, hint)
    try:
        ending = await announced_shutdowns(services)
        metered = await metered_plan(services)
        is_other = metered is not None and not metered.ok
        differing = () if is_other else await differing_limits(services)
    except GroqchatError:
        return  # the check of the database says so
    if ending:
        yield Finding("models", False, " ".join(ending))
    if metered is not None:
        yield metered
    if differing:
        hint = "The headers count; plan in config.toml names your plan if it was taken for another."
        yield Finding("limits", False, "; ".join(differing), hint)


async def _keyring(services: LocalServices) -> Finding:
    import asyncio

    from groqchat.domain.errors.keyring_advice import habits
    from groqchat.storage.keys.secret_owner import secret_owner

    try:
        name = await services.keys.store_name()
    except GroqchatError as error:
        # Whoever has a key from elsewhere does not need one.
        return Finding("keyring", False, f"{error.message} ({this_place()})", error.suggestion)
    owner = await asyncio.to_thread(secret_owner) if "SecretService" in name else ""
    return Finding("keyring", True, f"{name} ({owner})" if owner else name, habits(owner))


def _without_userinfo(address: str) -> str:
    """An address without the user name and password in it."""
    scheme, slashes, rest = address.partition("://")
    place, slash, path = rest.partition("/")
    return f"{scheme}{slashes}{place.rpartition('@')[2]}{slash}{path}"


def _failed(name: str, error: GroqchatError) -> Finding:
    return Finding(name, False, error.message, error.command_suggestion, exit_code_of(error))


def _print(finding: Finding) -> None:
    if finding.ok is None:
        mark, style = "–", DIM
    elif finding.ok:
        mark, style = "✓", GREEN
    else:
        mark, style = ("✗", RED) if finding.is_needed else ("!", YELLOW)
    say(f"{mark} {finding.name:<9} {finding.detail}", style)
    if finding.suggestion:
        say(f"  {'':<9} {finding.suggestion}", DIM)
