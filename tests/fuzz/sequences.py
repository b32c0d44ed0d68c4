"""Random keys, pastes, commands and sizes, the same for the same seed."""

from dataclasses import dataclass

from groqchat.ui.commands import COMMANDS

SIZES = [(40, 12), (60, 20), (80, 24), (110, 30), (120, 40), (200, 60)]
# Letters that no command, completion or key means: each is typed once, so that it can be found.
LETTERS = [chr(code) for code in range(0x4E00, 0x9FA0)]
KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "backspace": "\x7f",
    "delete": "\x1b[3~",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "page up": "\x1b[5~",
    "page down": "\x1b[6~",
    "f1": "\x1bOP",
    "f8": "\x1b[19~",
    "alt+z": "\x1bz",
    "ctrl+j": "\n",
    "ctrl+c": "\x03",
} | {f"ctrl+{key}": chr(ord(key) & 31) for key in "abdefklnoprstuvwxyz"}
# Of the windows of settings and keys, and of who edits as in vi or Emacs.
HABIT_KEYS = {
    "f2": "\x1bOQ",
    "f3": "\x1bOR",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f12": "\x1b[24~",
    "alt+x": "\x1bx",
    "alt+d": "\x1bd",
    "ctrl+w": "\x17",
    "ctrl+underscore": "\x1f",
}
HABIT_WORDS = ["i", "o", "A", "dd", "3dw", "p", "yy", "u", "99x", "gg", "G", "cw", ":", "c$"]
HABIT_WORDS += ["yG", "9999p", "true", "0", "-1", "99999999999999999999"]
OFTEN = ["enter", "escape", "up", "down", "tab", "ctrl+z", "backspace"]
# A letter means something in some windows; these are not looked for.
WORDS = ["hello ", "e", "c", "r", "v", "1", "2", "n", "y", "/", "[", "]", "@", " ", "?", "gpt-oss "]
# Commands that end the program, hand the terminal to another one, or keep nothing.
ELSEWHERE = {"quit", "editor", "incognito"}
# Commands that give keys another meaning.
HABITS = {"settings", "keymap"}
# Commands that keep what is typed behind them, in the session or in a field.
KEEPING = {"rename", "find"}
COMPARE = "/compare openai/gpt-oss-20b llama-3.1-8b-instant\r"


@dataclass(frozen=True)
class Step:
    """What is sent at once, and the pause after it in seconds; ``size`` resizes instead."""

    name: str
    data: str = ""
    pause: float = 0.0
    size: tuple[int, int] | None = None


class Sequences:
    """All sequences of one run of the program.

    Args:
        dice: A ``random.Random``.
        habits: Whether keys are given other meanings: by Emacs or vi in the composer, by the
            windows of settings and keys. Letters may vanish then.
    """

    def __init__(self, dice, habits=False):
        self._dice = dice
        left_out = ELSEWHERE if habits else ELSEWHERE | HABITS
        self._commands = [one for one in COMMANDS if one.id not in left_out]
        self._commands += [one for one in COMMANDS if one.id in HABITS] * (10 * habits)
        self._keys = KEYS | HABIT_KEYS if habits else KEYS
        self._words = WORDS + HABIT_WORDS if habits else WORDS
        self._letters = iter(LETTERS)

    def next(self):
        """The steps of one more sequence, and the letters in it that must be found again."""
        self._typed, self._kept = [], set()
        steps = [self._opening()] if self._dice.random() < 0.6 else []
        steps += [self._step() for _ in range(self._dice.randint(3, 14))]
        return steps, "".join(self._typed)

    def size(self):
        return self._dice.choice(SIZES)

    def _step(self):
        kind = self._dice.choices(
            [self._text, self._key, self._opening, self._paste, self._lines, self._resize],
            [40, 38, 10, 6, 3, 3],
        )[0]
        return kind()

    def _pause(self):
        """Half of them 5 ms at most, the others up to 100 ms, more of the short ones."""
        if self._dice.random() < 0.5:
            return self._dice.choice([0, 0.001, 0.005])
        return 0.1 * self._dice.random() ** 2

    def _sent(self, name, data):
        return Step(name, data, self._pause())

    def _new(self, most=5):
        letters = "".join(next(self._letters) for _ in range(self._dice.randint(1, most)))
        self._typed.append(letters)
        return letters

    def _text(self):
        text = self._new() if self._dice.random() < 0.75 else self._dice.choice(self._words)
        if self._dice.random() < 0.15:
            text += "\r"
        return self._sent(f"text {text!r}", text)

    def _key(self):
        name = self._dice.choice(OFTEN if self._dice.random() < 0.5 else list(self._keys))
        return self._sent(name, self._keys[name])

    def _opening(self):
        if self._dice.random() < 0.15:
            return self._sent("compare", COMPARE)
        command = self._dice.choice(self._commands)
        key = command.keys.split(",")[0]
        if key in self._keys and (not command.slash or self._dice.random() < 0.75):
            return self._sent(key, self._keys[key])
        return self._slash(command)

    def _slash(self, command):
        text = f"/{command.slash}"
        if command.id in KEEPING - self._kept and self._dice.random() < 0.5:
            self._kept.add(command.id)
            text += f" {self._new()}"
        if self._dice.random() < 0.5:
            return self._sent(f"ctrl+u {text}", f"{KEYS['ctrl+u']}{text}\r")
        return self._sent(text, text + "\r")

    def _paste(self):
        lines = [self._new() for _ in range(self._dice.choice([1, 1, 2, 14]))]
        text = self._dice.choice(["\n", "\r"]).join(lines)
        return self._sent(f"paste {text!r}", f"\x1b[200~{text}\x1b[201~")

    def _lines(self):
        """Lines that arrive without being marked as a paste."""
        text = "\r".join(self._new() for _ in range(self._dice.randint(2, 4)))
        return self._sent(f"lines {text!r}", text)

    def _resize(self):
        size = self.size()
        return Step(f"resize {size}", pause=self._pause(), size=size)
