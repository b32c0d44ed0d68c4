"""The results of a batch as JSON lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from groqchat.domain.batch.documents import result_document

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from groqchat.domain.batch.submission import Submission
    from groqchat.services.batch.ports import BatchStore

_LINES_AT_ONCE = 500


async def result_texts(store: BatchStore, submission: Submission) -> AsyncGenerator[str, None]:
    """The results in the order of the input, as texts of some JSON lines each.

    Of a line that was sent again, the newest result counts.
    """
    for start in range(0, submission.total, _LINES_AT_ONCE):
        rows = await store.results(submission.id, start, start + _LINES_AT_ONCE)
        lines = (json.dumps(result_document(row), ensure_ascii=False) for row in rows)
        yield "".join(f"{line}\n" for line in lines)
