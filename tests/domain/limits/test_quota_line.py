import re

import pytest

from groqchat.domain.limits.quota import LeakyBucket, LimitKind, Source, quota_view
from groqchat.domain.limits.quota_line import QuotaLine

VIEW = quota_view(
    "openai/gpt-oss-120b",
    (
        LeakyBucket(LimitKind.RPD, 1000, 999.5, 0.0, Source.HEADER),
        LeakyBucket(LimitKind.TPM, 8000, 78.0, 0.0, Source.HEADER),
    ),
    0.0,
    plan=None,
    plan_inferred=False,
    tokens_per_turn=2000,
)


@pytest.mark.parametrize(
    ("form", "line"),
    [
        ("{model} {TPM.remaining}/{TPM.limit}", "openai/gpt-oss-120b 7922/8000"),
        ("{TPM.remaining:,} left, {TPM.used} used", "7,922 left, 78 used"),
        ("{TPM.percent}% {RPD.percent}%", "99% 0%"),
        ("{TPM.resets_in} {TPM.resets_in_s:.2f} {TPM.source}", "1s 0.58 header"),
        ("{turns} ({binding})", "0 (RPD)"),
        ("{TPD.remaining:,} of {OTPM.limit} on {plan}", "? of ? on ?"),
        ("{{{TPM.limit}}}", "{8000}"),
        ("no field", "no field"),
    ],
)
def test_fields(form, line):
    assert QuotaLine(form).filled(VIEW) == line


def test_other_fields_are_given():
    line = QuotaLine("{cost_today} {model}", ("cost_today",))
    assert line.names == {"cost_today", "model"}
    assert line.filled(VIEW, {"cost_today": "$0.12"}) == "$0.12 openai/gpt-oss-120b"


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        ("{TPM.left}", "there is no field {TPM.left}; there are model, plan,"),
        ("{XPM.limit}", "there is no field {XPM.limit}"),
        ("{TPM}", "there is no field {TPM}"),
        ("{}", "there is no field {}"),
        ("{cost_today}", "there is no field {cost_today}"),
        ("{model!r}", "there is no field {model!r}"),
        ("{TPM.limit:q}", "{TPM.limit:q} is no format of a number, such as {TPM.limit:,}"),
        ("{TPM.limit", "cannot be read"),
        ("100%}", "a brace itself is written twice"),
    ],
)
def test_wrong_formats(form, problem):
    with pytest.raises(ValueError, match=re.escape(problem)):
        QuotaLine(form)
