"""The line under the composer, as far as it fits."""

import pytest

from groqchat.domain.limits.quota import quota_view
from groqchat.domain.models.context_window import beyond_window
from groqchat.storage.catalog import load_catalog
from groqchat.ui.widgets.text import fitting
from groqchat.ui.workspace.estimates import estimate_line


@pytest.mark.parametrize(
    ("model", "tokens", "shown"),
    [
        ("allam-2-7b", 17_604, "≈ 17,604 tokens · over window 4,096"),
        ("openai/gpt-oss-120b", 701_850, "≈ 701,850 tokens · over window 131,072"),
    ],
)
def test_a_prompt_beyond_the_window_says_so_in_forty_columns(model, tokens, shown):
    catalog = load_catalog()
    admission_error = beyond_window(catalog, model, tokens)
    window = catalog.get(model).context_window
    view = quota_view(model, (), 0.0, plan=None, plan_inferred=False, tokens_per_turn=1_000)
    assert fitting(estimate_line(tokens, window, view, admission_error), 38).plain == shown
