"""The stand-in says what Groq was seen to say."""

import json

import httpx
import pytest

from tests.fakes import FakeClock
from tests.standin.limits import Limits, RefusedError, duration
from tests.standin.server import StandIn, prompt_tokens

MODEL = "openai/gpt-oss-120b"
FREE = {"RPM": 30, "RPD": 1_000, "TPM": 8_000, "TPD": 200_000}


@pytest.mark.parametrize(
    ("seconds", "digits", "text"),
    [
        (86.4, 3, "1m26.4s"), (604.8, 3, "10m4.8s"), (0.585, 3, "585ms"), (21.0375, 3, "21.037s"),
        (3723, 3, "1h2m3s"), (0, 3, "0s"), (4.77, 9, "4.77s"), (231.984, 9, "3m51.984s"),
    ],
)  # fmt: skip
def test_times_are_written_as_recorded(seconds, digits, text):
    assert duration(seconds, digits=digits) == text


@pytest.mark.parametrize(
    ("name", "limit", "used", "requested", "wait"),
    [("TPM", 6_000, 5_034, 1_443, 4.77), ("TPD", 100_000, 97_050, 3_619, 578.016),
     ("TPD", 200_000, 199_680, 857, 231.984)],
)  # fmt: skip
def test_waits_are_those_of_recorded_refusals(name, limit, used, requested, wait):
    limits = Limits({name: limit}, has_reservation=True)
    limits.spend(name, used, 0.0)
    with pytest.raises(RefusedError) as refused:
        limits.admit(requested, 0, 0.0)
    assert refused.value.wait == pytest.approx(wait)


def test_a_short_prompt_is_as_long_as_recorded():
    assert prompt_tokens([{"role": "user", "content": "hi"}], MODEL) == 72


@pytest.mark.parametrize(("has_reservation", "left"), [(False, 7_928), (True, 7_828)])
async def test_a_whole_answer_and_its_headers(has_reservation, left):
    clock = FakeClock()
    async with (
        StandIn(clock, has_reservation=has_reservation) as server,
        httpx.AsyncClient(base_url=server.url, trust_env=False) as client,
    ):
        body = {"model": MODEL, "messages": [{"role": "user", "content": "hi"}],
                "max_completion_tokens": 100}  # fmt: skip
        path, key = "/openai/v1/chat/completions", {"Authorization": "Bearer gsk_of_nobody"}
        assert (await client.post(path, json=body)).status_code == 401
        answer = await client.post(path, json=body, headers=key)
        assert answer.headers["x-ratelimit-remaining-tokens"] == str(left)
        assert answer.headers["x-ratelimit-reset-requests"] == "1m26.4s"
        usage = json.loads(answer.text)["usage"]
        assert server.left(MODEL) == FREE | {
            "RPM": 29, "RPD": 999, "TPM": 8_000 - usage["total_tokens"],
            "TPD": 200_000 - usage["total_tokens"],
        }  # fmt: skip
        too_long = await client.post(
            path, json=body | {"max_completion_tokens": 8_000}, headers=key
        )
        assert too_long.status_code == 413
        message = json.loads(too_long.text)["error"]["message"]
        assert "(TPM): Limit 8000, Requested 8072, please reduce your message size" in message
        listed = await client.get("/openai/v1/models", headers=key)
        assert listed.json()["data"][0]["pricing"]["prompt"] == "0.00000015"
