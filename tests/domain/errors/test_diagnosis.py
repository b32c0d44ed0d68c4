"""Every refusal that is known, some that are not, and anything at all."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.errors.cause import Action, ErrorKind, Retry
from groqchat.domain.errors.diagnosis import diagnose, diagnose_event
from groqchat.domain.errors.refusal_bodies import LONGEST_DETAIL, read_refusal, shown
from groqchat.domain.errors.table import CAUSES, failure
from groqchat.domain.errors.tree import GroqchatError, StreamBrokenError
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.text.sanitize import sanitize
from groqchat.domain.turns.retry import RetryPolicy

HERE = Path(__file__).parent
RECORDED = json.loads((HERE / "refusals.json").read_text("utf-8"))
BY_SIGN = json.loads((HERE / "refusals_by_sign.json").read_text("utf-8"))
NAMES = [recorded["name"] for recorded in RECORDED]
ORG = "org_01k0000000000000000000000x"
MODEL = "openai/gpt-oss-20b"
NUMBERS = ("limit", "used", "requested", "parameter")


def object_of(message, **fields):
    return {"error": {"message": message, "type": "invalid_request_error"} | fields}


def over(what, numbers, verb="Rate limit reached"):
    return object_of(
        f"{verb} for model `{MODEL}` in organization `{ORG}` service tier `on_demand` on {what}:"
        f" {numbers} Need more tokens? Upgrade to Dev Tier today at"
        " https://console.groq.com/settings/billing",
        code="rate_limit_exceeded",
    )


def is_harmless(words: str) -> bool:
    return sanitize(words) == words and len(words.splitlines()) <= 1


def assert_fit_to_be_shown(error: GroqchatError):
    for words in (error.title, error.message, error.suggestion, error.facts.detail):
        assert "org_01k" not in words
        assert "<html" not in words.lower()
        assert "{" not in words.replace(error.facts.detail, "")
        assert is_harmless(words)
    assert error.title
    assert error.message
    assert error.suggestion
    assert error.cause.actions
    assert len(error.facts.detail) <= LONGEST_DETAIL


@pytest.mark.parametrize("recorded", RECORDED, ids=NAMES)
def test_recorded_refusal(recorded):
    error = diagnose(recorded["status"], recorded["body"], recorded["headers"], model=MODEL)
    expected = recorded["expected"]
    assert error.cause.name == expected["cause"]
    assert error.kind == expected["kind"]
    assert error.cause.retry == expected["retry"]
    assert error.facts.status == recorded["status"]
    assert error.facts.limit_kind == expected.get("bucket")
    for name in NUMBERS:
        assert getattr(error.facts, name) == expected.get(name), name
    assert error.facts.retry_after_s == pytest.approx(expected.get("retry_after_s"))
    assert_fit_to_be_shown(error)


@pytest.mark.parametrize("recorded", RECORDED, ids=NAMES)
def test_shape_of_the_body_does_not_matter(recorded):
    status, body, headers = recorded["status"], recorded["body"], recorded["headers"]
    whole = diagnose(status, body, headers)
    text = body if isinstance(body, str) else json.dumps(body)
    assert diagnose(status, text, headers).facts == whole.facts
    assert diagnose(status, f"\ufeff {text}\r\n".encode(), headers).facts == whole.facts
    assert diagnose(status, [body], headers).cause is whole.cause
    if isinstance(body, dict):
        assert diagnose(status, body["error"], headers).facts == whole.facts
        assert diagnose(status, {"errors": [body]}, headers).facts == whole.facts


@pytest.mark.parametrize(("status", "body", "cause"), BY_SIGN["rows"])
def test_other_refusals(status, body, cause):
    error = diagnose(status, body, {}, model=MODEL)
    assert error.cause.name == cause
    assert_fit_to_be_shown(error)


@pytest.mark.parametrize(("status", "body", "cause", "kind"), BY_SIGN["limits"])
def test_limits(status, body, cause, kind):
    error = diagnose(status, body, {})
    assert (error.cause.name, error.facts.limit_kind) == (cause, kind)
    assert error.facts.limit
    assert error.facts.requested
    assert error.facts.model == MODEL
    assert_fit_to_be_shown(error)


@pytest.mark.parametrize(
    ("header", "words", "wait"),
    [
        ("2", "1.2s", 2.0),
        ("250", "", 250.0),
        (None, "1m26.4s", 86.4),
        ("1", "585ms", 1.0),
        (None, "", None),
        ("soon", "", None),
        ("-1", "", None),
        ("nan", "", None),
        ("inf", "", None),
    ],
)
def test_the_longer_wait_is_believed(header, words, wait):
    message = f"Rate limit reached for model `{MODEL}`. Please try again in {words}."
    headers = {"retry-after": header} if header else {}
    error = diagnose(429, object_of(message), headers)
    assert error.facts.retry_after_s == wait
    assert error.cause.retry is Retry.AS_TOLD


def test_a_wait_that_is_too_long_is_for_a_person_to_decide():
    error = diagnose(429, {}, {"retry-after": "61"})
    assert RetryPolicy(longest_wait_s=60).wait_after(error, 1, 0.5) is None
    assert RetryPolicy(longest_wait_s=120).wait_after(error, 1, 0.5) == 61


def test_the_model_asked_for_is_named_as_it_was_asked_for():
    gone = object_of("The model `inner-name` does not exist", code="model_not_found")
    assert diagnose(404, gone, {}, model="my-alias").facts.model == "my-alias"
    assert diagnose(404, gone, {}).facts.model == "inner-name"


class TestEvents:
    TOOL = object_of("Tool call validation failed", code="tool_use_failed", status_code=400)

    def test_with_text_it_is_a_broken_answer_that_names_everything(self):
        body = over(
            "tokens per day (TPD)", "Limit 200, Used 199, Requested 5. Please try again in 9m."
        )
        error = diagnose_event(body, partial="Half an ans", model=MODEL)
        assert isinstance(error, StreamBrokenError)
        assert error.facts.partial == "Half an ans"
        assert (error.facts.limit_kind, error.facts.limit) == (LimitKind.TPD, 200)
        assert error.facts.retry_after_s == 540
        assert error.cause.retry is Retry.NEVER
        assert Action.CONTINUE in error.cause.actions
        assert_fit_to_be_shown(error)

    def test_with_reasoning_only_it_is_a_broken_answer_too(self):
        error = diagnose_event(self.TOOL, partial="", has_begun=True)
        assert error.kind is ErrorKind.STREAM_BROKEN

    @pytest.mark.parametrize(
        ("body", "cause", "status"),
        [
            (TOOL, "generation_failed", 400),
            (TOOL["error"], "generation_failed", 400),
            (over("tokens per day (TPD)", "Limit 9, Used 9, Requested 5."), "rate_limited", None),
            (object_of("x", type="internal_server_error", status_code=500), "service_error", 500),
            (object_of("x"), "invalid_request", None),
            ({"error": {"message": "busy", "code": 429}}, "rate_limited", 429),
            ({"error": {"message": "busy", "code": "429"}}, "rate_limited", 429),
            ("upstream connect error", "service_error", None),
            (b"not even UTF-8: \xff", "service_error", None),
            (True, "service_error", None),
        ],
    )  # fmt: skip
    def test_without_text_it_is_an_ordinary_refusal(self, body, cause, status):
        error = diagnose_event(body, partial="")
        assert (error.cause.name, error.facts.status) == (cause, status)
        assert_fit_to_be_shown(error)


class TestHostileWords:
    def test_secrets_do_not_hide_behind_invisible_characters(self):
        words = (
            "key gsk_test\u200bfake1234567890 of org_01k0000000\u20600000000000000x, Bearer abc.def"
        )
        assert shown(words) == "key gsk_… of org_…, Bearer …"

    def test_nothing_that_drives_a_terminal_is_shown(self):
        words = shown("a\x1b[31m red\x1b]0;title\x07\x9b1m\r\n\u202eb")
        assert words.isprintable()
        assert words.startswith("a red")

    def test_names_are_as_clean_as_sentences(self):
        body = object_of("x", code="e\x1b[2Jvil" * 100, param="p\u202eq")
        facts = diagnose(400, body, {"x-request-id": "req_\x07" + "9" * 500}).facts
        for name in (facts.code, facts.parameter, facts.request_id):
            assert name.isprintable()
            assert len(name) <= 80

    @pytest.mark.parametrize(
        "message",
        [
            "on " * 100_000,
            "try again in " * 50_000,
            "`" * 300_000,
            "Rate limit reached on " + "a " * 200_000 + "(TPM): Limit " + "9" * 100_000,
            "error code: 1" + "0" * 300_000,
        ],
    )
    def test_huge_messages_are_cheap_and_short(self, message):
        assert_fit_to_be_shown(diagnose(429, object_of(message), {}))

    def test_deep_nesting(self):
        assert diagnose(500, "[" * 100_000, {}).cause.name == "service_error"
        assert diagnose(500, '{"error":' * 500 + "1" + "}" * 500, {}).cause.name == "service_error"

    def test_failed_generation_is_no_sign_of_anything(self):
        body = object_of(
            "Odd.", failed_generation="Rate limit reached. invalid_api_key over capacity"
        )
        assert diagnose(400, body, {}).cause.name == "invalid_request"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["error", "errors", "message", "code", "type", "param", "status_code"])
            | st.text(max_size=5),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


HEADERS = st.dictionaries(st.sampled_from(["retry-after", "x-request-id"]), st.text())


@given(st.integers(100, 999), JSON | st.text() | st.binary(), HEADERS)
def test_anything_at_all_is_explained(status, body, headers):
    for error in (
        diagnose(status, body, headers),
        diagnose_event(body, partial=""),
        diagnose_event(body, partial="text"),
    ):
        assert error.cause.name in CAUSES
        for words in (error.title, error.message, error.suggestion):
            assert is_harmless(words)


@given(JSON)
def test_refusals_read_the_same_parsed_or_not(body):
    text = json.dumps(body)
    if not isinstance(body, str):
        assert read_refusal(text) == read_refusal(json.loads(text))


class TestTable:
    def test_every_row_says_what_to_do(self):
        for cause in CAUSES.values():
            error = failure(cause.name, model=MODEL, detail="it broke")
            assert error.kind is cause.kind
            assert_fit_to_be_shown(error)
            assert not re.search(r"\.\.|\s\s", error.message + error.suggestion)
            assert cause.lasting_fix.endswith((".", "!"))

    def test_every_kind_has_a_row(self):
        assert {cause.kind for cause in CAUSES.values()} == set(ErrorKind)

    def test_only_what_may_pass_by_itself_is_retried(self):
        retried = {cause.name for cause in CAUSES.values() if cause.retry is not Retry.NEVER}
        assert retried == {
            "rate_limited", "tier_full", "over_capacity", "service_error", "circuit_open",
            "no_room_yet", "asked_to_wait", "connection_failed", "dns_failed", "not_now",
            "team_share", "team_busy", "team_never_read",
        }  # fmt: skip

    def test_actions_have_keys_and_words_of_their_own(self):
        assert len({action.value for action in Action}) == len(Action)
        assert all(action.label for action in Action)
