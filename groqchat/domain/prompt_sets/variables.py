r"""Rows of a set whose texts have variables: one row for each row of values.

The syntax is that of templates (`domain.prompts.prompt_file`): ``{{name}}``, ``{{name=default}}``,
and ``\{{name}}`` for the text itself. Variables stand in every text of the row, its checks too.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from groqchat.domain.prompts.prompt_file import PromptFile, PromptKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

VARS = "vars"
_WANTED = (
    "vars wants an object of names and values, a list of them, or the path of a file with rows"
)


def filled_rows(
    row: Mapping[str, Any], rows_of: Callable[[str], Sequence[Mapping[str, Any]]]
) -> list[dict[str, Any]]:
    """The row with each row of its values; the row itself where it has no ``vars``.

    Args:
        row: A row of the file.
        rows_of: Reads the rows of values in a file.

    Raises:
        ValueError: A value is missing, or has no variable; the message is for the user.
    """
    rest = {name: value for name, value in row.items() if name != VARS}
    wanted = row.get(VARS)
    if wanted is None:
        return [rest]
    is_file = isinstance(wanted, str)
    rows = rows_of(wanted) if isinstance(wanted, str) else wanted
    listed = [rows] if isinstance(rows, dict) else rows
    if not isinstance(listed, list) or not listed:
        raise ValueError(_WANTED)
    if not all(isinstance(values, dict) for values in listed):
        raise ValueError(_WANTED)
    if not is_file:
        _refuse_strays(rest, {name for values in listed for name in values})
    is_alone = isinstance(rows, dict)
    return [
        _filled(rest, values, "" if is_alone else f"-{number}")
        for number, values in enumerate(listed, 1)
    ]


def _refuse_strays(row: Mapping[str, Any], names: set[str]) -> None:
    whole = PromptFile("the prompt", PromptKind.TEMPLATE, "\n".join(_texts(row)))
    if stray := whole.unknown(sorted(names)):
        raise ValueError(stray)


def _filled(row: Mapping[str, Any], values: Mapping[str, Any], mark: str) -> dict[str, Any]:
    """The row with values in its texts; an id that would be that of every row gets a mark."""
    texts = {name: _written(value) for name, value in values.items()}
    filled = {name: _replaced(name, value, texts) for name, value in row.items()}
    if filled.get("id") and filled["id"] == row["id"]:
        filled["id"] = f"{filled['id']}{mark}"
    return filled


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _replaced(name: str, value: Any, texts: Mapping[str, str]) -> Any:  # noqa: ANN401  # JSON
    if isinstance(value, str):
        return PromptFile(name, PromptKind.TEMPLATE, value).filled(texts)
    if isinstance(value, list):
        return [_replaced(name, each, texts) for each in value]
    if isinstance(value, dict):
        return {key: _replaced(name, each, texts) for key, each in value.items()}
    return value


def _texts(value: object) -> Iterator[str]:
    """All texts in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)
