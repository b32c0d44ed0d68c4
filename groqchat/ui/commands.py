"""Every command once: its key, its words, its slash form. Bindings, palette and help read this."""

from __future__ import annotations

from dataclasses import dataclass

HOW_TO_QUIT = "Ctrl+Q quits groqchat."
# The argument that resets what a command sets.
OFF = "off"


@dataclass(frozen=True, slots=True)
class Command:
    """Something a person can do.

    ``id`` names it in ``config.toml`` (``[keys]``); ``keys`` are its default keys, separated by
    commas; ``slash`` is its word in the composer, with ``argument`` saying what may follow it, and
    ``words`` how many words of it.
    """

    id: str
    title: str
    help: str
    keys: str = ""
    slash: str = ""
    argument: str = ""
    group: str = "Chat"
    words: int = 0

    @property
    def usage(self) -> str:
        """The command as it is written in the composer: ``/rename TITLE``."""
        return f"/{self.slash} {self.argument}".strip() if self.slash else ""


# How many words follow a command that takes a text.
MANY = 10_000

COMMANDS = (
    Command("new", "New session", "Start an empty conversation; so does /clear", "ctrl+n", "new"),
    Command("stop", "Stop the answer", "Keep what has arrived, marked as stopped", "escape"),
    Command("retry", "Try again", "Ask for another answer to the last prompt", slash="retry"),
    Command("continue", "Continue the answer", "Continue an answer that was cut", slash="continue"),
    Command("queue", "Pause the queue", "Or go on with the queued prompts", slash="queue"),
    Command(
        "unqueue", "Clear the queue", "Take all queued prompts back into the composer",
        slash="unqueue",
    ),
    Command(
        "edit", "Edit the last prompt", "Send it changed; the old answer is kept", slash="edit",
    ),
    Command(
        "compact", "Compact the conversation",
        "Leave out or summarise old turns; undo goes back, auto does it where needed",
        slash="compact", argument="[oldest N|summary|new|auto|undo]", words=3,
    ),
    Command(
        "btw", "Ask a side question", "Later requests omit it", "", "btw", "QUESTION", words=MANY,
    ),
    Command(
        "copy", "Copy the last answer",
        "As Markdown, or code block N; request: as cURL, or as Python", "ctrl+y", "copy",
        "[N|request [python]]", words=2,
    ),
    Command(
        "info", "Details of the answer", "Tokens, cost, times, and what it was asked with",
        slash="info",
    ),
    Command("turn_above", "Go to the turn above", "Scroll to the prompt before", "alt+up"),
    Command("turn_below", "Go to the turn below", "Scroll to the next prompt", "alt+down"),
    Command("history", "Search prompts", "Find a prompt you sent before", "ctrl+r"),
    Command(
        "chip", "Show an attachment", "The file, paste or image at the cursor; else the last image",
        "f4",
    ),
    Command("editor", "External editor", "Write the prompt in $VISUAL or $EDITOR", "ctrl+g"),
    Command(
        "system", "System prompt", "Show it, or set it for this session; off removes it",
        slash="system", argument="[TEXT]", words=MANY,
    ),
    Command(
        "effort", "Reasoning effort", "Show it, or set none, low, medium, high; off resets it",
        slash="effort", argument="[LEVEL]", words=1,
    ),
    Command(
        "tier", "Service tier", "Choose it by limits and price; off resets it", slash="tier",
        argument="[TIER]", words=1,
    ),
    Command(
        "longest", "Longest answer",
        "Show it, or set it in tokens for this session; off: as long as fits", slash="max-tokens",
        argument="[N]", words=1,
    ),
    Command(
        "set", "Parameters", "Temperature, top_p, seed, stop and others; off resets one",
        slash="set", argument="[NAME VALUE]", words=MANY,
    ),
    Command(
        "schema", "Answers by a schema",
        "JSON with name, age int?, or by a FILE of JSON Schema; off ends it", slash="schema",
        argument="[SCHEMA]", words=MANY,
    ),
    Command(
        "json", "Answers in JSON", "Any JSON object; off: plain text again", slash="json",
        argument="[off]", words=1,
    ),
    Command(
        "prompts", "Prompts", "Your templates and system prompts; edit NAME opens one's file",
        slash="prompts", argument="[NAME]", words=2,
    ),
    Command(
        "attach", "Attach a file", "Add its text to the prompt; so does @path", slash="attach",
        argument="PATH", words=MANY,
    ),
    Command(
        "image", "Attach the copied image", "The image in the clipboard; @path names a file's",
        slash="image",
    ),
    Command(
        "transcribe", "Transcribe sound files", "What is said in them becomes text in the prompt",
        slash="transcribe", argument="FILE…", words=MANY,
    ),
    Command("talk", "Talk", "Record; the key again, or Enter, makes it text", "f9", "talk"),
    Command(
        "sessions", "Sessions", "Go to the list; the key there, or off, hides it", "ctrl+s",
        "sessions", "[FILTER]", "Sessions", MANY,
    ),
    Command(
        "rename", "Rename the session", "Give it a title; auto has a cheap model write one", "",
        "rename", "[TITLE|auto [MODEL]]", "Sessions",
        MANY,
    ),
    Command(
        "delete", "Delete the session",
        "Into the bin; or its last message, or the branch; kept 30 days", "", "delete",
        "[message|branch]", "Sessions", 1,
    ),
    Command(
        "undo", "Undo a deletion", "Bring back what was last deleted of this session", "", "undo",
        "", "Sessions",
    ),
    Command(
        "restore", "Restore a session", "Bring back the one deleted last", "", "restore", "",
        "Sessions",
    ),
    Command(
        "bin", "Bin", "Deleted sessions: restore them, or delete them for good", "", "bin", "",
        "Sessions",
    ),
    Command(
        "pin", "Pin the session", "Above the others; again: no longer", "", "pin", "", "Sessions",
    ),
    Command(
        "archive", "Archive the session", "Out of the lists; again: back in them", "", "archive",
        "", "Sessions",
    ),
    Command(
        "tag", "Tags of the session", "Set them; +WORD adds, -WORD removes, off clears", "", "tag",
        "[WORDS]", "Sessions", MANY,
    ),
    Command("duplicate", "Duplicate", "A copy with all branches", "", "duplicate", "", "Sessions"),
    Command("tree", "Branches", "Draw the tree; compare, go there", "", "tree", "", "Sessions"),
    Command("fork", "Fork the session", "This branch alone in a copy", "", "fork", "", "Sessions"),
    Command(
        "incognito", "Incognito chat", "Keep no text, title or session; off, or again, leaves it",
        "", "incognito", "[off]", "Sessions", 1,
    ),
    Command(
        "find", "Find", "Search this session; press the key again to search all", "ctrl+f",
        "search", "[TEXT]", "Sessions", MANY,
    ),
    Command(
        "export", "Export the session",
        "To a file, by its ending .md .html .json .jsonl; --redact hides secrets", "", "export",
        "[--redact] [FILE|FORMAT]",
        "Sessions", MANY,
    ),
    Command(
        "import", "Import conversations",
        "From ChatGPT, Claude, Open WebUI, llm, elia, oterm, parllama, groqchat", "", "import",
        "FILE", "Sessions", MANY,
    ),
    Command(
        "backup", "Back up everything", "Copy all sessions and the ledger to a file", "", "backup",
        "[FILE]", "Sessions", MANY,
    ),
    Command(
        "model", "Switch model", "With prices, what is left, favourites and uses", "ctrl+l",
        "model", "[ID]", "Groq", 1,
    ),
    Command(
        "compare", "Compare models", "Side by side; variants: 120b effort=low, 120b effort=high",
        "ctrl+k", "compare", "[IDs]", "Groq", MANY,
    ),
    Command(
        "leaderboard", "Leaderboard", "Models by your votes", "", "leaderboard", "[TAG]", "Groq",
        MANY,
    ),
    Command(
        "quota", "Quota and cost panel", "Show it; the key again, or off, hides it", "ctrl+t",
        "quota", "[off]", "Groq", 1,
    ),
    Command(
        "cost", "Cost of this session", "What was spent, and saved by the cache", "", "cost", "",
        "Groq",
    ),
    Command(
        "budget", "Budget", "Show it, or set it in dollars; off removes it", "", "budget",
        "[session] [AMOUNT]", "Groq", 2,
    ),
    Command("usage", "Usage", "By day, model, session, profile", "", "usage", "", "Groq"),
    Command(
        "batches", "Batches", "How they stand, their results and costs; resubmit, cancel", "",
        "batches", "", "Groq",
    ),
    Command(
        "tools", "Tools of the session", "Groq's search and Python, and those of MCP servers", "",
        "tools", "[NAME|off]", "Groq", 1,
    ),
    Command(
        "mcp", "MCP servers", "Their tools: list, try, switch on or off; add, remove", "", "mcp",
        "[SERVER]", "Groq", 1,
    ),
    Command(
        "plan", "Planner", "What fits under the limits with your averages, and its cost", "",
        "plan", "", "Groq",
    ),
    Command("toast", "Choose a remedy", "Go to the keys of the newest error", "f8", "", "", "Groq"),
    Command("keys", "API keys", "Add, check, switch, rotate, remove", "", "keys", "", "Groq"),
    Command("errors", "Errors", "The last errors with their details", "", "errors", "", "Groq"),
    Command("reasoning", "Fold reasoning", "Show or hide the model's thoughts", "", "reasoning"),
    Command("times", "Times of messages", "Show or hide when they began", "", "times"),
    Command("palette", "Command palette", "Everything, by name", "ctrl+p", "", "", "Program"),
    Command(
        "theme", "Theme", "Change the colours; off resets them", "", "theme", "[NAME]", "Program",
        MANY,
    ),
    Command(
        "settings", "Settings", "See and change them; WORDS search, file opens your editor", "f12",
        "settings", "[file|WORDS]", "Program", MANY,
    ),
    Command(
        "keymap", "Key map", "All keys; press a key to bind it", "", "keymap", "", "Program",
    ),
    Command("help", "Help", "Keys, commands, guides", "f1", "help", "[GUIDE]", "Program", words=1),
    Command("tour", "Tour", "The first keys, in five lines", "", "tour", "", "Program"),
    Command("news", "News", "What is new in this version", "", "news", "", "Program"),
    Command("quit", "Quit", "Close; asks once if answers come", "ctrl+q", "quit", "", "Program"),
)  # fmt: skip

BY_ID = {command.id: command for command in COMMANDS}
# Words of other clients that mean the same.
_ALIASES = {"clear": "new", "exit": "quit"}
BY_SLASH = {command.slash: command for command in COMMANDS if command.slash}
BY_SLASH |= {word: BY_ID[command_id] for word, command_id in _ALIASES.items()}
