"""The line under the composer, as far as it fits."""

import re
from dataclasses import replace

import pytest

from groqchat.domain.limits.quota import Level, LimitKind, QuotaView, Sharing, quota_view
from groqchat.domain.models.context_window import beyond_window
from groqchat.domain.turns.prompt_cache import EDITED, SYSTEM_CHANGED, TOOLS_CHANGED
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
    assert image_share(one.mark, view, most=0) == ""  # the model does not see it
    assert image_share(one.mark, QuotaView("m", None, False, (), 0.0, ())) == ""
    share = image_share(one.mark, view, is_short=True)
    shown = estimate_line(2_060, None, view, None, images=share)
    assert fitting(shown, 38).plain == "≈ 2,060 tokens · images 29% of ITPM"
    assert fitting(shown, 80).plain == "≈ 2,060 tokens · images 29% of ITPM · TPM 8,000"


@pytest.mark.parametrize(
    ("note", "narrow", "wide"),
    [
        (EDITED, EDITED, f"{EDITED} · TPM 8,000 · TPD 200,000"),
        (
            TOOLS_CHANGED,
            SYSTEM_CHANGED,
            f"{SYSTEM_CHANGED} · tools changed · TPM 8,000 · TPD 200,000",
        ),
    ],
)
def test_what_keeps_a_prompt_from_the_cache_is_said_in_forty_columns(note, narrow, wide):
    levels = (Level(LimitKind.TPM, 8_000, 8_000), Level(LimitKind.TPD, 200_000, 200_000))
    shown = estimate_line(399, None, QuotaView("m", None, False, (), 0.0, levels), None, note)
    assert fitting(shown, 38).plain == f"≈ 399 tokens · {narrow}"
    assert fitting(shown, 90).plain == f"≈ 399 tokens · {wide}"


def test_the_line_says_since_when_the_team_is_away():
    view = QuotaView("m", None, False, (), 0.0, (), sharing=Sharing(2, 3_600.0))
    words = [part.plain for part in estimate_line(399, None, view, None)]
    assert re.fullmatch(r"team away since \d\d:00", words[1])
    assert len(estimate_line(399, None, replace(view, sharing=Sharing(2)), None)) == 1
