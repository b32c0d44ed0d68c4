"""Every command once: its key, its words, its slash form. Bindings, palette and help read this."""

from __future__ import annotations

import re
from dataclasses import dataclass

HOW_TO_QUIT = "Ctrl+Q quits; everything is saved already."


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person can do.

    ``id`` names it in ``config.toml`` (``[keys]``); ``keys`` are its default keys, separated by
    commas; ``slash`` is its word in the composer, with ``argument`` saying what may follow it.
    """

    id: str
    title: str
    help: str
    keys: str = ""
    slash: str = ""
    argument: str = ""
    group: str = "Chat"

    @property
    def usage(self) -> str:
        """How it is written in the composer: ``/rename TITLE``."""
        return f"/{self.slash} {self.argument}".strip() if self.slash else ""


COMMANDS = (
    Command("new", "New session", "Start an empty conversation", "ctrl+n", "new"),
    Command("stop", "Stop the answer", "Keep what has arrived, marked as stopped", "escape"),
    Command("retry", "Try again", "Answer the last prompt once more", slash="retry"),
    Command("continue", "Continue the answer", "Go on where an answer was cut", slash="continue"),
    Command(
        "edit", "Edit the last prompt", "Ask it differently; the old branch stays", slash="edit"
    ),
    Command(
        "copy", "Copy the last answer", "As Markdown; N: a code block", "ctrl+y", "copy", "[N]"
    ),
    Command("history", "Search prompts", "Find a prompt you sent before", "ctrl+r"),
    Command("editor", "External editor", "Write the prompt in $VISUAL or $EDITOR", "ctrl+g"),
    Command("system", "System prompt", "Set it for this session", slash="system", argument="TEXT"),
    Command(
        "effort", "Reasoning effort", "none, low, medium, high", slash="effort", argument="LEVEL"
    ),
    Command(
        "tier", "Service tier", "on_demand, flex, auto, performance", slash="tier", argument="TIER"
    ),
    Command(
        "attach",
        "Attach a file",
        "Add its text to the prompt; so does @path",
        slash="attach",
        argument="PATH",
    ),
    Command(
        "sessions", "Sessions", "Go to another conversation", "ctrl+s", "sessions", "", "Sessions"
    ),
    Command("rename", "Rename the session", "Give it a title", "", "rename", "TITLE", "Sessions"),
    Command("delete", "Delete the session", "For good; asks first", "", "delete", "", "Sessions"),
    Command(
        "find", "Find", "In this session; again: in all", "ctrl+f", "search", "TEXT", "Sessions"
    ),
    Command(
        "export", "Export the session", "As a Markdown file", "", "export", "[FILE]", "Sessions"
    ),
    Command(
        "model",
        "Switch model",
        "Prices, what is left, favourites, uses",
        "ctrl+l",
        "model",
        "[ID]",
        "Groq",
    ),
    Command("compare", "Compare models", "Side by side", "ctrl+k", "compare", "[IDs]", "Groq"),
    Command(
        "leaderboard", "Leaderboard", "Models by your votes", "", "leaderboard", "[TAG]", "Groq"
    ),
    Command("quota", "Quota and cost panel", "Show or hide it", "ctrl+t", "quota", "", "Groq"),
    Command("cost", "Cost of this session", "What was spent and saved", "", "cost", "", "Groq"),
    Command("budget", "Budget", "Show, set, off", "", "budget", "[session] AMOUNT", "Groq"),
    Command("usage", "Usage", "By day, model, session, profile", "", "usage", "", "Groq"),
    Command("plan", "Planner", "What your averages allow and cost", "", "plan", "", "Groq"),
    Command("toast", "Choose a remedy", "Go to the newest error", "f8", "", "", "Groq"),
    Command("keys", "API keys", "Add, check, switch, rotate, remove", "", "keys", "", "Groq"),
    Command("errors", "Errors", "The last errors with their details", "", "errors", "", "Groq"),
    Command("reasoning", "Fold reasoning", "Show or hide the model's thoughts", "", "reasoning"),
    Command("palette", "Command palette", "Everything, by name", "ctrl+p", "", "", "Program"),
    Command("theme", "Theme", "Change the colours", "", "theme", "[NAME]", "Program"),
    Command(
        "settings", "Settings", "Open config.toml in your editor", "", "settings", "", "Program"
    ),
    Command("help", "Help", "Keys and commands", "f1", "help", "", "Program"),
    Command("quit", "Quit", "Everything is saved already", "ctrl+q", "quit", "", "Program"),
)

BY_ID = {command.id: command for command in COMMANDS}
BY_SLASH = {command.slash: command for command in COMMANDS if command.slash}


@dataclass(frozen=True, slots=True)
class Slash:
    """A slash command as it was written; ``command`` is None when there is none of that name."""

    word: str
    argument: str
    command: Command | None


def read_slash(text: str) -> Slash | None:
    """Read a composer's text as a slash command; None for an ordinary prompt.

    A path such as ``/etc/hosts`` is an ordinary prompt.
    """
    match = re.match(r"\s*/([A-Za-z]+)(?:\s+(.*))?\s*$", text, re.DOTALL)
    if match is None:
        return None
    word = match[1].lower()
    return Slash(word, (match[2] or "").strip(), BY_SLASH.get(word))
