"""What one's own averages come to, and sums as documents."""

from dataclasses import replace
from decimal import Decimal

from groqchat.domain.ledger.sums import Share, Sums
from groqchat.domain.ledger.usage_report import share_rows, shares_csv, sums_document
from groqchat.domain.planning.projection import UsageProjection
from groqchat.domain.text.humanize import money
from groqchat.storage.catalog import load_catalog

MODEL = load_catalog().get("openai/gpt-oss-120b")
MONTH = Sums(2_000, 3_000_000, 0, 1_000_000, Decimal("1.05"))


def test_an_average_turn_is_counted_on_both_plans_and_the_month_is_priced():
    said = list(UsageProjection(MODEL, 1_840, MONTH).lines())
    assert said[:2] == [
        "At your 1,840 tokens a turn:",
        "free plan: 4 turns a minute (TPM), 108 turns a day (TPD)",
    ]
    assert said[2].startswith("developer plan: ")
    assert said[3:] == [
        "your last 30 days, 2,000 requests: $1.05 at list price, $0.525 as a batch",
        "1,000 requests like these: $0.525 at list price, $0.263 as a batch",
    ]


def test_a_model_that_nobody_knows_has_no_invented_figures():
    said = list(UsageProjection(load_catalog().get("nobody/knows-it"), 100, Sums()).lines())
    assert said[1:] == ["nothing was asked in the last 30 days, so there is nothing to price"]
    asked = list(UsageProjection(load_catalog().get("nobody/knows-it"), 100, MONTH).lines())
    assert asked[1].endswith("2,000 requests: unknown at list price, unknown as a batch")


def test_sums_leave_as_exact_documents():
    share = Share("2026-11-22", MONTH)
    assert share_rows([share])[0]["cost_usd"] == "1.05"
    assert (
        shares_csv([share]).splitlines()[1]
        == "2026-11-22,2000,3000000,0,1000000,1.05,0.00,0,0.0,0.0,0"
    )
    assert shares_csv([]).startswith("key,requests,")
    assert shares_csv([Share("=1+1", Sums())]).splitlines()[1].startswith("'=1+1,0")
    assert shares_csv([Share('my "a, b"', Sums())]).splitlines()[1].startswith('"my ""a, b""",0')


def test_what_has_no_known_price_is_unknown_in_documents_and_words_never_nothing():
    unpriced = Sums(1, 9, 0, 5, unpriced=1)
    assert (sums_document(unpriced)["cost_usd"], sums_document(unpriced)["saved_usd"]) == (
        None,
    ) * 2
    assert shares_csv([Share("m", unpriced)]).splitlines()[1] == "m,1,9,0,5,,,1,0.0,0.0,0"
    assert (unpriced.cost_text(money), unpriced.known_cost) == ("unknown", None)
    assert unpriced.without_price() == "1 request had no known price and is not in the cost."
    part = Sums(3, 9, 0, 5, Decimal("0.5"), unpriced=2)
    assert (part.cost_text(money), sums_document(part)["cost_usd"]) == ("$0.50+", "0.50")
    assert part.without_price() == "2 requests had no known price and are not in the cost."
    assert (Sums(1).cost_text(money), Sums(1).without_price()) == ("$0.00", "")


def test_requests_that_were_refused_make_a_thousand_no_cheaper():
    refused = replace(MONTH, requests=3_000, refused=1_000)
    assert list(UsageProjection(MODEL, 1_840, refused).lines()) == list(
        UsageProjection(MODEL, 1_840, MONTH).lines()
    )


def test_the_size_of_a_turn_is_called_a_guess_where_nothing_was_asked():
    assert next(UsageProjection(MODEL, None, Sums(2, refused=2)).lines()).startswith(
        "At 1,000 tokens a turn, a"
    )
    assert next(UsageProjection(MODEL, None, MONTH).lines()) == "At your 2,000 tokens a turn:"
