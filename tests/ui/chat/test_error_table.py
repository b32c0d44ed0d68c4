"""Each row of the well-known table of Groq's errors: what it is, what to do, and the toast."""

import pytest
from textual.app import App
from textual.containers import Container

from groqchat.domain.errors.diagnosis import diagnose
from groqchat.domain.errors.table import Action
from groqchat.domain.turns.retry import RetryPolicy
from groqchat.ui.widgets.toasts import Toasts
from tests.ui.stage import seen, until

MODEL = "openai/gpt-oss-120b"


def body(message, code=None, **more):
    return {"error": {"message": message, "type": "invalid_request_error", "code": code, **more}}


LIMIT = (
    f"Rate limit reached for model `{MODEL}` in organization `org_01k0000000000000000000000x` "
    "service tier `on_demand` on tokens per minute (TPM): Limit 8000, Used 7600, Requested 900. "
    "Please try again in 3.75s. Need more tokens? Upgrade to Dev Tier today at https://x"
)
HTML = "<html><head><title>502 Bad Gateway</title></head><body>cloudflare</body></html>"
# Status, body, kind, what to do first, seconds until it is sent again (None: never), on the toast.
ROWS = [
    pytest.param(
        400, body("`reasoning_effort` is not supported with this model", param="reasoning_effort"),
        "invalid_request", "Drop reasoning_effort", None,
        ["400 · Parameter refused", "p drop it and resend"], id="400 unsupported parameter",
    ),
    pytest.param(
        400, body("invalid JSON in request body"), "invalid_request", "Change the request", None,
        ["400 · Request refused", "invalid JSON"], id="400 invalid syntax",
    ),
    pytest.param(
        401, body("Invalid API Key", "invalid_api_key"), "key_rejected", "Enter another key", None,
        ["401 · Key rejected", "k new key"], id="401",
    ),
    pytest.param(
        403, {"error": {"message": "Forbidden", "type": "permissions_error"}},
        "not_permitted", "Ask an admin", None,
        ["403 · Not permitted", "m switch model", "k new key"], id="403",
    ),
    pytest.param(
        404, body(f"The model `{MODEL}` does not exist or you do not have access to it.",
        "model_not_found"), "model_gone", "Switch to openai/gpt-oss-20b", None,
        ["404 · Model not found", "m switch model to openai/gpt-oss-20b"], id="404 model",
    ),
    pytest.param(
        404, body("Unknown request URL: POST /x", "unknown_url"), "invalid_request",
        "Check GROQ_BASE_URL", None, ["404 · Not found", "d details"], id="404 address",
    ),
    pytest.param(
        413, "<html>413 Request Entity Too Large</html>", "too_large", "Shorten", None,
        ["413 · ", "s shorten"], id="413",
    ),
    pytest.param(
        422, body("semantic failure"), "invalid_request", "Try again once", None,
        ["422 · Request not processable", "r retry"], id="422",
    ),
    pytest.param(
        429, body(LIMIT, "rate_limit_exceeded"), "rate_limited", "Send again in 4s", 3.75,
        ["429 · Rate limit reached", "(TPM)", "limit 8,000", "w wait and send", "m switch model"],
        id="429",
    ),
    pytest.param(
        498, body("`flex` tier capacity exceeded", "capacity_exceeded"), "tier_full",
        "use the on_demand tier", 0.5, ["498 · Flex capacity exceeded", "r retry"], id="498",
    ),
    *(
        pytest.param(
            status, sent, "service_error", "Retry in a moment", 0.5,
            [f"{status} · ", "groqstatus.com", "r retry"], id=str(status),
        )
        for status, sent in (
            (500, body("Internal Server Error")),
            (502, HTML),
            (503, body(f"{MODEL} is currently over capacity. Please try again.")),
            (504, HTML),
        )
    ),
]  # fmt: skip


class Wall(App[None]):
    def compose(self):
        with Container():
            yield Toasts(lambda: 1_000.0, id="toasts")


@pytest.mark.parametrize(("status", "sent", "kind", "first_fix", "wait", "on_toast"), ROWS)
async def test_row(*, status, sent, kind, first_fix, wait, on_toast):
    error = diagnose(status, sent, {}, model=MODEL)
    if error.kind == "model_gone":
        error = error.with_facts(replacement="openai/gpt-oss-20b")
    assert error.kind == kind
    assert first_fix in error.suggestion
    assert error.cause.lasting_fix
    assert RetryPolicy().wait_after(error, 1, 0.5) == wait
    assert RetryPolicy().wait_after(error, 4, 0.5) is None
    app = Wall()
    async with app.run_test(size=(80, 24)) as pilot:
        app.query_one(Toasts).show_error(error, error.cause.actions)
        await until(pilot, lambda: error.title in seen(app.screen))
        shown = " ".join(seen(app.screen).split())
        for text in on_toast:
            assert text in shown
        assert "org_01k" not in shown
        assert "<html" not in shown
        assert Action.DETAILS not in error.cause.actions or "d details" in shown
