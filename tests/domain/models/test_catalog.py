"""The catalogue: what is asked of it, what the account's list adds, how data is refused."""

from decimal import Decimal

import pytest

from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import Catalog, Kind, LiveModel, Model, Plan, Status
from groqchat.domain.models.catalog_tables import parse_catalog
from groqchat.domain.money.pricing import Price

NEW = "lab/brand-new"


def tables(**changes):
    """A small catalogue; ``changes`` replace whole tables."""
    return {
        "sources": {"page": {"name": "a page", "as_of": "2026-10-01"}},
        "chat": {"preferred": ["big", "small"]},
        "models": {
            "small": {"status": "production", "source": "page"},
            "big": {
                "status": "production",
                "source": "page",
                "context_window": 1000,
                "price": {"input": Decimal("0.15"), "output": Decimal("0.60"), "source": "page"},
                "limits": {
                    "free": {"RPD": 1000, "TPM": 8000, "source": "page"},
                    "developer": {"RPD": 500_000, "TPM": 250_000, "source": "page"},
                },
            },
            "try": {"status": "preview", "source": "page"},
            "voice": {
                "status": "preview",
                "kind": "speech",
                "source": "page",
                "price": {"per_million_chars": 22, "source": "page"},
            },
            "corporate": {"status": "production", "enterprise_only": True, "source": "page"},
            "old": {"status": "retired", "replacement": "older", "source": "page"},
            "older": {"status": "retired", "replacement": "small", "source": "page"},
            "oldest": {"status": "retired", "source": "page", "retired_on": "2025-08"},
        },
        "tools": {"search": {"per_thousand": 5, "source": "page"}},
        **changes,
    }


@pytest.fixture
def catalog():
    return parse_catalog(tables())


def ids(models):
    return [model.id for model in models]


def test_every_figure_says_where_it_comes_from(catalog):
    big = catalog.get("big")
    assert big.price == Price(
        input=Decimal("0.15"), output=Decimal("0.60"), source="a page", as_of="2026-10-01"
    )
    assert big.limits[Plan.FREE] == {LimitKind.RPD: 1000, LimitKind.TPM: 8000}
    assert big.limits_from[Plan.FREE].source == "a page"
    assert (big.source, big.as_of) == ("a page", "2026-10-01")
    assert catalog.tools["search"].per_thousand == 5


def test_a_model_that_nobody_has_heard_of_is_unlisted_and_knows_nothing(catalog):
    model = catalog.get(NEW)
    assert model == Model(NEW, status=Status.UNLISTED)
    assert not catalog.known(NEW)
    assert catalog.known("big")


def test_chat_models_come_preferred_first_and_previews_last(catalog):
    assert ids(catalog.chat_models()) == ["big", "small", "try"]
    assert catalog.default().id == "big"


def test_replacements_are_followed_to_one_that_is_there(catalog):
    assert catalog.replacement_for("old").id == "small"
    assert catalog.replacement_for("oldest").id == "big"
    assert catalog.replacement_for("big").id == "small"
    assert catalog.replacement_for(NEW).id == "big"


def test_a_replacement_that_the_account_lacks_is_passed_over(catalog):
    merged = catalog.merged([LiveModel("big"), LiveModel("try")])
    assert merged.replacement_for("old").id == "big"


def test_a_replacement_that_was_refused_leads_on_to_the_next(catalog):
    assert catalog.replacement_for("old", {"small"}).id == "big"
    assert catalog.replacement_for("big", {"small"}).id == "try"
    assert catalog.replacement_for("big", {"small", "try"}).id == "big"


def test_replacements_in_a_circle_end_at_the_default():
    models = tables()["models"]
    models["older"] = {"status": "retired", "replacement": "old", "source": "page"}
    assert parse_catalog(tables(models=models)).replacement_for("old").id == "big"


def test_the_accounts_list_decides_what_can_be_called(catalog):
    entries = [LiveModel("small"), LiveModel("old"), LiveModel("try", active=False)]
    merged = catalog.merged(entries)
    assert ids(merged.chat_models()) == ["small", "old"]
    assert [merged.get(name).live for name in ("small", "try", "big")] == [True, False, False]
    assert merged.get("old").is_retired
    assert catalog.get("big").live is None


def test_an_account_without_any_model_still_has_a_default(catalog):
    assert catalog.merged([]).default().id == "big"


def test_windows_and_prices_of_the_accounts_list_win(catalog):
    live = Price(input=Decimal("0.20"), cached_input=Decimal("0.10"), output=Decimal("0.70"))
    entry = LiveModel("big", context_window=999, max_completion_tokens=7, price=live)
    big = catalog.merged([entry], as_of="2026-11-22").get("big")
    assert (big.context_window, big.max_completion_tokens) == (999, 7)
    assert big.price.input == Decimal("0.20")
    assert (big.price.source, big.price.as_of) == ("account's model list", "2026-11-22")


def test_an_old_list_that_tells_only_ids_takes_nothing_away(catalog):
    merged = catalog.merged([LiveModel("big")]).get("big")
    assert merged.context_window == 1000
    assert merged.price == catalog.get("big").price


def test_a_speech_models_input_price_is_that_of_a_character(catalog):
    entry = LiveModel("voice", price=Price(input=Decimal(23), output=Decimal(0)))
    price = catalog.merged([entry]).get("voice").price
    assert (price.input, price.output, price.per_million_chars) == (None, None, Decimal(23))


@pytest.mark.parametrize(
    ("outputs", "kind"),
    [
        (("text",), Kind.CHAT),
        (("transcription",), Kind.AUDIO),
        (("speech",), Kind.SPEECH),
        ((), Kind.CHAT),
    ],
)
def test_an_unlisted_model_is_what_the_list_says_it_gives(catalog, outputs, kind):
    entry = LiveModel(NEW, output_modalities=outputs)
    model = catalog.merged([entry]).get(NEW)
    assert (model.kind, model.status, model.live) == (kind, Status.UNLISTED, True)


def test_an_unlisted_models_abilities_come_from_the_list_and_it_ranks_last(catalog):
    entry = LiveModel(
        NEW, input_modalities=("text", "image"), features=("tools", "json_mode", "reasoning")
    )
    merged = catalog.merged([LiveModel("small"), entry])
    assert merged.get(NEW).abilities == ("tools", "json", "reasoning", "vision")
    assert merged.get(NEW).can("vision")
    assert ids(merged.chat_models()) == ["small", NEW]


def test_a_described_models_kind_is_not_overruled_by_the_list(catalog):
    entry = LiveModel("voice", output_modalities=("text",), features=("tools",))
    voice = catalog.merged([entry]).get("voice")
    assert (voice.kind, voice.abilities) == (Kind.SPEECH, ())


def test_the_users_own_prices_beat_the_accounts_list_in_any_order(catalog):
    entry = LiveModel("big", price=Price(input=Decimal(9), output=Decimal(9)))
    own = {
        "big": {"input": Decimal("0.10"), "output": Decimal("0.40")},
        NEW: {"input": Decimal(1), "output": Decimal(2)},
    }
    for merged in (
        catalog.with_prices(own).merged([entry]),
        catalog.merged([entry]).with_prices(own),
    ):
        assert merged.get("big").price == Price(
            input=Decimal("0.10"), output=Decimal("0.40"), source="config.toml"
        )
        assert merged.get(NEW).price.output == 2
        assert not merged.known(NEW)


def test_a_price_by_an_unknown_name_is_refused(catalog):
    with pytest.raises(ValueError, match=r"prices\.big\.inputs is no price; known are input, "):
        catalog.with_prices({"big": {"inputs": Decimal(1)}})


@pytest.mark.parametrize(
    ("rpd", "tpm", "plan"),
    [
        (1000, 8000, Plan.FREE),
        (500_000, 250_000, Plan.DEVELOPER),
        (1000, None, Plan.FREE),
        (None, 250_000, Plan.DEVELOPER),
        (1000, 250_000, None),
        (1000, 9000, None),
        (None, None, None),
    ],
)
def test_the_plan_is_inferred_only_from_limits_that_are_all_its_own(catalog, rpd, tpm, plan):
    assert catalog.infer_plan("big", rpd, tpm) is plan


def test_no_plan_is_inferred_where_two_agree_or_none_is_known(catalog):
    models = tables()["models"]
    models["big"]["limits"]["developer"] = models["big"]["limits"]["free"]
    assert parse_catalog(tables(models=models)).infer_plan("big", 1000, 8000) is None
    assert catalog.infer_plan(NEW, 1000, 8000) is None


def spoiled(**figures):
    return tables(models={**tables()["models"], "big": {**tables()["models"]["big"], **figures}})


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (spoiled(status="gone"), r"models\.big\.status: 'gone' is none of production, preview"),
        (spoiled(kind="toaster"), r"models\.big\.kind: 'toaster' is none of chat"),
        (spoiled(colour="red"), r"models\.big\.colour: unknown; known are abilities, "),
        (spoiled(context_window=0), r"models\.big\.context_window: must be a whole number above 0"),
        (spoiled(context_window=True), r"models\.big\.context_window: must be a whole number"),
        (spoiled(context_window="8K"), r"models\.big\.context_window: must be a whole number"),
        (spoiled(abilities="tools"), r"models\.big\.abilities: must be a list of texts"),
        (spoiled(include_reasoning=1), r"models\.big\.include_reasoning: must be true or false"),
        (spoiled(note=1), r"models\.big\.note: must be a text"),
        (spoiled(retired_on="soon"), r"models\.big\.retired_on: must be a day"),
        (spoiled(source="rumour"), r"models\.big\.source: 'rumour' is not described in sources"),
        (spoiled(price=0.15), r"models\.big\.price: must be a table"),
        (
            spoiled(price={"input": Decimal(-1), "source": "page"}),
            r"models\.big\.price\.input: must be an amount in US dollars",
        ),
        (
            spoiled(price={"input": Decimal("NaN"), "source": "page"}),
            r"models\.big\.price\.input: must be an amount in US dollars",
        ),
        (
            spoiled(price={"input": 0.15, "source": "page"}),
            r"models\.big\.price\.input: must be an amount in US dollars",
        ),
        (spoiled(price={"input": Decimal(1)}), r"models\.big\.price\.source: '' is not described"),
        (
            spoiled(limits={"gold": {"RPM": 1, "source": "page"}}),
            r"models\.big\.limits\.gold: 'gold' is none of free, developer, enterprise",
        ),
        (
            spoiled(limits={"free": {"RPY": 1, "source": "page"}}),
            r"models\.big\.limits\.free: 'RPY' is none of RPM, RPD",
        ),
        (spoiled(replacement="nobody"), r"'nobody' is preferred or a replacement but not"),
        (tables(chat={"preferred": ["nobody"]}), r"'nobody' is preferred"),
        (tables(chat={}), r"chat\.preferred: names no model"),
        (tables(modles={}), r"modles: unknown"),
    ],
)
def test_malformed_data_is_refused_with_its_place(data, complaint):
    with pytest.raises(ValueError, match=complaint):
        parse_catalog(data)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("openai/gpt-oss-120b", ["openai/gpt-oss-120b"]),
        ("OSS-120B", ["openai/gpt-oss-120b"]),
        ("gpt-oss-20b", ["openai/gpt-oss-20b"]),
        ("20b", ["openai/gpt-oss-20b", "openai/gpt-oss-20b-preview"]),
        ("7b", ["allam-2-7b"]),
        ("whisper", ["whisper-7b"]),
        ("nobody/x", []),
    ],
)
def test_a_model_is_found_by_a_part_of_its_name(name, found):
    models = [
        Model("openai/gpt-oss-120b"),
        Model("openai/gpt-oss-20b"),
        Model("openai/gpt-oss-20b-preview"),
        Model("allam-2-7b"),
        Model("gone-7b", Status.RETIRED),
        Model("whisper-7b", kind=Kind.AUDIO),
    ]
    catalog = Catalog({model.id: model for model in models})
    assert list(catalog.named(name)) == found


def test_what_is_set_aside_for_an_answer_is_data():
    row = {"status": "production", "source": "page"}
    models = {"big": row, "small": {**row, "reservation": 1_456}}
    read = parse_catalog(tables(models=models, chat={"preferred": ["big"], "reservation": 1_990}))
    assert [read.get(name).reservation for name in ("big", "small", "nobody/knows-it")] == [
        1_990, 1_456, 2_048,
    ]  # fmt: skip
