"""Counts the samples' tokens again: ``python -m tests.domain.turns.token_samples [--write]``.

Two tokenizers that know nothing of each other, one from PyPI and one from npm, both of which carry
the vocabulary o200k_base with them, are installed in a temporary folder. The exit code is 1 where
a count is not what stands in the file; with ``--write`` it is put right. Where the two differ from
each other nothing is written. Needs pip, npm and a network; not part of the tests.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.domain.turns.token_samples import kinds, read, samples, write

FROM_PYPI = "bpe-openai==0.1.4"
FROM_NPM = "gpt-tokenizer@4.0.0"
_PYTHON = """
import json, sys
from bpe_openai import get_encoding
encoding = get_encoding("o200k_base")
print(json.dumps([len(encoding.encode_ordinary(text)) for text in json.load(sys.stdin)]))
"""
_NODE = """
const { encode } = require("gpt-tokenizer/encoding/o200k_base");
const texts = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(texts.map((text) => encode(text).length)));
"""


def main() -> int:
    """Count, compare, and say what differs; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.domain.turns.token_samples")
    parser.add_argument("--write", action="store_true", help="put wrong counts right")
    args = parser.parse_args()
    texts = [sample.text for sample in samples()]
    with tempfile.TemporaryDirectory() as folder:
        pypi, npm = by_pypi(texts, Path(folder)), by_npm(texts, Path(folder))
    if pypi != npm:
        print(f"{FROM_PYPI} and {FROM_NPM} differ", *_apart(pypi, npm), sep="\n")
        return 1
    stored = [sample.true_tokens for sample in samples()]
    print(f"{len(texts)} samples, {sum(npm)} tokens", *_apart(stored, npm), sep="\n")
    if args.write:
        _put_right(npm)
    return int(stored != npm and not args.write)


def by_pypi(texts: list[str], folder: Path) -> list[int]:
    """The numbers of tokens by the package from PyPI."""
    install_from_pypi(folder)
    return _counts(texts, folder, sys.executable, "-c", _PYTHON)


def install_from_pypi(folder: Path) -> None:
    """Put the package from PyPI into a folder, or end with what is wrong."""
    _run("pip", sys.executable, "-m", "pip", "install", "-q", "--target", folder, FROM_PYPI)


def by_npm(texts: list[str], folder: Path) -> list[int]:
    """The numbers of tokens by the package from npm."""
    _run("npm", "npm", "install", "--silent", "--no-fund", "--prefix", folder, FROM_NPM)
    return _counts(texts, folder, "node", "-e", _NODE)


def _run(name: str, *command: str | Path) -> None:
    if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode:
        sys.exit(f"{name} could not install its tokenizer")


def _counts(texts: list[str], folder: Path, *command: str) -> list[int]:
    asked = json.dumps(texts)
    done = subprocess.run(
        command, cwd=folder, input=asked, text=True, check=True, capture_output=True
    )
    return json.loads(done.stdout)


def _apart(these: list[int], those: list[int]) -> list[str]:
    """A line for every sample on whose number of tokens the two lists do not agree."""
    rows = zip(samples(), these, those, strict=True)
    return [f"{one.kind}: {a} or {b}? {one.text[:40]!r}" for one, a, b in rows if a != b]


def _put_right(counts: list[int]) -> None:
    rest = iter(counts)
    for path in kinds():
        write(path, [one._replace(true_tokens=next(rest)) for one in read(path)])


if __name__ == "__main__":
    sys.exit(main())
