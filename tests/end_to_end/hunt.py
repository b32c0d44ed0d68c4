"""Hunting keys: the two that are used, every trace they could leave, and where to look."""

import base64

KEY = "gsk_test" + "Wq7Zk2Xv9Jp4Bn6Ht1Lc8Rd3"
TYPED = "gsk_test" + "Ys5Gm0Fu7Ew2Ka9Oi4Vx6Nb1"
_LONGEST_SHOWN = 4

# Writes down what programs that groqchat starts can see: their own arguments and environment, the
# arguments of all others, and the environment of all but groqchat itself, which was given the key,
# and of the programs of other tests, which were, too.
LOOKING_AROUND = """\
import os, pathlib, sys
name = b"GROQCHAT_HOME="
home = name + os.environb[name[:-1]] + bytes(1)
with open(sys.argv[1], "ab") as seen:
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            seen.write((folder / "cmdline").read_bytes())
            environment = (folder / "environ").read_bytes()
        except OSError:
            continue
        is_of_another_test = name in environment and home not in environment
        if int(folder.name) != os.getppid() and not is_of_another_test:
            seen.write(environment)
"""


def traces(key):
    """All that would give a key away: what is no more than shown, in any usual spelling."""
    secret = key.removeprefix("gsk_test")
    yield key[-_LONGEST_SHOWN - 1 :].encode()
    for start in range(len(secret) - 7):
        part = secret[start : start + 8]
        yield part.encode()
        yield part.encode("utf-16-le")
        yield part.encode().hex().encode()
        yield part.encode().hex().upper().encode()
        yield "".join(f"%{ord(character):02x}" for character in part).encode()
    for shift in range(3):
        spelt = base64.b64encode(b"x" * shift + key.encode())[4:-4]
        yield from (spelt[start : start + 12] for start in range(len(spelt) - 11))
        yield base64.b16encode(spelt)


_TRACES = tuple(frozenset(trace for key in (KEY, TYPED) for trace in traces(key)))


def found_in(data):
    """The traces of either key in something."""
    data = data.encode() if isinstance(data, str) else bytes(data)
    return [trace for trace in _TRACES if trace in data]


def assert_clean(folder):
    """No file holds a trace of a key, nor does its name; returns the names of the files."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    for path in files:
        assert not found_in(path.read_bytes()), path
        assert not found_in(str(path)), path
    return {path.name for path in files}
