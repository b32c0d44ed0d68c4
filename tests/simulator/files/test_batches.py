from __future__ import annotations

import json

import httpx
import pytest
from groq import BadRequestError, NotFoundError

from groqchat.domain.errors.diagnosis import diagnose
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.models.catalog import Plan
from groqchat.simulator.options import Options
from groqchat.simulator.server import Simulator
from groqchat.storage.catalog import load_catalog
from tests.simulator.conftest import BIG, KEY, SMALL, body

ENDPOINT = "/v1/chat/completions"


def lines(*bodies):
    return b"\n".join(
        json.dumps(
            {"custom_id": f"row-{index}", "method": "POST", "url": ENDPOINT, "body": each}
        ).encode()
        for index, each in enumerate(bodies)
    )


@pytest.fixture
async def sim(clock):
    """On a plan that has batches."""
    options = Options(Plan.DEVELOPER, rate=None)
    async with Simulator(load_catalog(), options, clock=clock) as simulator:
        yield simulator


async def upload(groq, content):
    return await groq.files.create(file=("work.jsonl", content), purpose="batch")


async def begin(groq, *bodies):
    file = await upload(groq, lines(*bodies))
    return await groq.batches.create(
        input_file_id=file.id, endpoint=ENDPOINT, completion_window="24h"
    )


async def results(groq, file_id):
    content = await groq.files.content(file_id)
    return [json.loads(line) for line in (await content.text()).splitlines()]


async def test_files_come_and_go(groq):
    content = b'{"a": "\r\n\xe2\x80\xa8"}\n'
    file = await upload(groq, content)
    assert file.id.startswith("file_01")
    assert (file.bytes, file.filename, file.purpose) == (len(content), "work.jsonl", "batch")
    assert (await groq.files.info(file.id)).id == file.id
    assert [each.id for each in (await groq.files.list()).data] == [file.id]
    assert await (await groq.files.content(file.id)).read() == content
    assert (await groq.files.delete(file.id)).deleted
    with pytest.raises(NotFoundError):
        await groq.files.info(file.id)


async def test_a_batch_goes_through_all_its_steps(groq, clock):
    batch = await begin(groq, *[body(f"Question {n}?", SMALL) for n in range(10)])
    assert batch.id.startswith("batch_01")
    seen = []
    for seconds in (0, 2, 1, 1.5, 1):
        clock.advance(seconds)
        now = await groq.batches.retrieve(batch.id)
        seen.append((now.status, now.request_counts.completed))
    assert seen == [
        ("validating", 0),
        ("in_progress", 0),
        ("in_progress", 5),
        ("finalizing", 10),
        ("completed", 10),
    ]
    answers = {each["custom_id"]: each for each in await results(groq, now.output_file_id)}
    assert set(answers) == {f"row-{n}" for n in range(10)}
    answer = answers["row-3"]["response"]
    assert answer["status_code"] == 200
    assert answer["body"]["choices"][0]["message"]["content"]
    assert now.error_file_id == {}


class Watched(dict):
    """The batches of an account, and how much of each was answered when it was listed."""

    def __init__(self):
        self.answered = []

    def __setitem__(self, name, batch):
        super().__setitem__(name, batch)
        self.answered.append((len(batch.answers), batch.total, batch.status(batch.created + 60)))


async def test_a_batch_is_listed_before_its_lines_are_answered(groq, sim, clock):
    sim._state.batches = Watched()
    batch = await begin(groq, *[body(f"Question {n}?", SMALL) for n in range(10)])
    assert sim._state.batches.answered == [(0, 10, "validating")]
    clock.advance(60)
    assert (await groq.batches.retrieve(batch.id)).status == "completed"


async def test_lines_that_fail_are_told_apart(groq, clock):
    batch = await begin(groq, body("Hello"), body("Hello", "no/such-model"))
    clock.advance(60)
    done = await groq.batches.retrieve(batch.id)
    assert (done.request_counts.completed, done.request_counts.failed) == (1, 1)
    (failed,) = await results(groq, done.error_file_id)
    assert failed["custom_id"] == "row-1"
    assert failed["response"]["body"]["error"]["code"] == "model_not_found"


async def test_a_batch_takes_nothing_from_the_limits(groq, sim):
    await begin(groq, body("Hello"))
    assert sim.state(BIG)[LimitKind.RPD] == 500_000


async def test_a_good_batch_names_an_empty_object_as_its_file_of_errors(groq, http, clock):
    batch = await begin(groq, body("Hello"))
    path = f"/openai/v1/batches/{batch.id}"
    assert (await http.get(path)).json()["error_file_id"] is None
    clock.advance(60)
    assert (await http.get(path)).json()["error_file_id"] == {}


async def test_the_free_plan_has_no_batches(clock):
    headers = {"authorization": f"Bearer {KEY}"}
    async with (
        Simulator(load_catalog(), Options(rate=None), clock=clock) as free,
        httpx.AsyncClient(base_url=free.url, headers=headers) as http,
    ):
        refused = await http.post("/openai/v1/batches", json={})
    assert refused.status_code == 403
    error = diagnose(403, refused.content, {})
    assert (error.cause.name, error.facts.code) == ("not_on_this_plan", "not_available_for_plan")
    assert "plan at console.groq.com/settings/billing" in error.suggestion


async def test_a_batch_can_be_cancelled(groq, clock):
    batch = await begin(groq, *[body("Hello")] * 50)
    clock.advance(4)
    assert (await groq.batches.cancel(batch.id)).status == "cancelling"
    clock.advance(60)
    after = await groq.batches.retrieve(batch.id)
    assert (after.status, after.request_counts.completed) == ("cancelled", 10)
    assert [each.id for each in (await groq.batches.list()).data] == [batch.id]


@pytest.mark.parametrize(
    ("more", "kind", "message"),
    [
        ({"endpoint": "/v1/embeddings"}, BadRequestError, "endpoint"),
        ({"completion_window": "1h"}, BadRequestError, "between 24h and 7d"),
        ({"input_file_id": "file_x"}, NotFoundError, "file_x"),
    ],
)
async def test_a_wrong_batch_is_refused(groq, more, kind, message):
    file = await upload(groq, lines(body("Hello")))
    asked = {"input_file_id": file.id, "endpoint": ENDPOINT, "completion_window": "24h"}
    with pytest.raises(kind, match=message):
        await groq.batches.create(**{**asked, **more})


async def test_an_empty_file_is_no_batch(groq):
    file = await upload(groq, b"\n")
    with pytest.raises(BadRequestError, match="no requests"):
        await groq.batches.create(input_file_id=file.id, endpoint=ENDPOINT, completion_window="24h")


async def test_an_upload_that_is_no_form_is_refused(http):
    assert (await http.post("/openai/v1/files", content=b"x")).status_code == 400


async def test_lines_fail_and_expire_where_a_fault_says_so(groq, sim, clock):
    sim.arm("batch_failed=5*1@batches")
    sim.arm("batch_expired=2*1@batches")
    batch = await begin(groq, *[body(f"Question {n}?", SMALL) for n in range(100)])
    clock.advance(86_399)
    assert (await groq.batches.retrieve(batch.id)).status != "expired"
    clock.advance(1)
    now = await groq.batches.retrieve(batch.id)
    counts = now.request_counts
    assert (now.status, counts.completed, counts.failed) == ("expired", 93, 7)
    assert len(await results(groq, now.output_file_id)) == 93
    errors = await results(groq, now.error_file_id)
    assert [each["response"]["status_code"] for each in errors[:5]] == [503] * 5
    assert [each["error"]["code"] for each in errors[5:]] == ["batch_expired"] * 2


async def test_a_batch_transcribes_audio_by_its_url(groq, clock):
    spoken = {"model": "whisper-large-v3-turbo", "url": "https://example.org/a.mp3"}
    line = {
        "custom_id": "a",
        "method": "POST",
        "url": "/v1/audio/transcriptions",
        "body": spoken | {"response_format": "verbose_json"},
    }
    file = await upload(groq, json.dumps(line).encode())
    batch = await groq.batches.create(
        input_file_id=file.id, endpoint=ENDPOINT, completion_window="24h"
    )
    clock.advance(60)
    done = await groq.batches.retrieve(batch.id)
    (answer,) = await results(groq, done.output_file_id)
    assert answer["response"]["body"]["duration"] == 60
    assert answer["response"]["body"]["text"].startswith(" Thank you all")


async def test_a_cancelled_batch_leaves_what_was_answered(groq, clock):
    batch = await begin(groq, *[body(f"{n}?", SMALL) for n in range(50)])
    clock.advance(4)
    await groq.batches.cancel(batch.id)
    clock.advance(60)
    after = await groq.batches.retrieve(batch.id)
    assert after.request_counts.completed == len(await results(groq, after.output_file_id)) == 10


async def test_the_list_of_batches_comes_in_pages(groq, http):
    made = [(await begin(groq, body("Hello"))).id for _ in range(23)]
    first = (await http.get("/openai/v1/batches")).json()
    assert [each["id"] for each in first["data"]] == made[:2:-1]
    cursor = first["paging"]["next_cursor"]
    rest = (await http.get("/openai/v1/batches", params={"cursor": cursor})).json()
    assert [each["id"] for each in rest["data"]] == made[2::-1]
    assert rest["paging"] == {}
