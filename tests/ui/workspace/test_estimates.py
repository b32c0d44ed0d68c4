"""The line under the composer, as far as it fits."""

import pytest

from groqchat.domain.limits.quota import Level, LimitKind, QuotaView, quota_view
from groqchat.domain.models.context_window import beyond_window
from groqchat.storage.catalog import load_catalog
from groqchat.ui.widgets.text import fitting
from groqchat.ui.workspace.estimates import estimate_line, image_share
from tests.images import image


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


def test_the_share_of_the_tightest_limit_that_images_take_is_told():
    levels = [
        Level(kind, limit, limit)
        for kind, limit in ((LimitKind.TPM, 8_000), (LimitKind.ITPM, 7_000), (LimitKind.RPM, 30))
    ]
    view = QuotaView("m", None, False, (), 0.0, tuple(levels))
    one, two = image("a.png"), image("b.png", 1)
    assert image_share(f"Look {one.mark}", view) == "29% of ITPM 7,000"
    assert image_share(f"{one.mark} {two.mark} {one.mark}", view) == "59% of ITPM 7,000"
    assert image_share("Look", view) == ""
    assert image_share(one.mark, QuotaView("m", None, False, (), 0.0, ())) == ""
    shown = estimate_line(2_060, None, view, None, images=image_share(one.mark, view))
    assert fitting(shown, 80).plain == "≈ 2,060 tokens · images 29% of ITPM 7,000 · TPM 8,000"
