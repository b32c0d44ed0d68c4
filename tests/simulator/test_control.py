from __future__ import annotations

import pytest

from .conftest import BIG, post


async def test_the_state_is_told_to_whoever_asks(http, sim):
    reply = await post(http)
    del http.headers["authorization"]
    state = (await http.get("/simulator/state")).json()
    told = {kind: row["remaining"] for kind, row in state["models"][BIG].items()}
    assert told == {str(kind): left for kind, left in sim.state(BIG).items()}
    assert state["models"][BIG]["RPD"]["resets_in_s"] == pytest.approx(86.4)
    assert state["plan"] == "free"
    answer = await http.get(f"/simulator/answers/{reply.headers['x-request-id']}")
    assert answer.json()["content"] == reply.json()["choices"][0]["message"]["content"]


async def test_time_can_be_advanced(http, sim):
    await post(http)
    await http.post("/simulator/clock", json={"advance": 86_400})
    assert sim.state(BIG)["RPD"] == 1000
    assert sim.state(BIG)["TPD"] == 200_000


async def test_another_client_of_the_organisation_can_ask_meanwhile(http, sim):
    told = {"model": BIG, "prompt_tokens": 2000, "completion_tokens": 159}
    reply = await http.post("/simulator/others", json=told)
    left = {str(kind): count for kind, count in sim.state(BIG).items()}
    assert reply.json()["remaining"] == left
    assert (left["RPD"], left["TPM"], left["TPD"]) == (999, 8000 - 2159, 200_000 - 2159)


async def test_faults_can_be_set_at_run_time(http):
    told = await http.post("/simulator/faults", json={"faults": ["over_capacity*1", "cut"]})
    assert told.json() == {"faults": ["over_capacity=0*1@chat", "cut=12@chat"]}
    assert (await post(http)).status_code == 503
    assert (await http.delete("/simulator/faults")).json() == {"faults": []}
    assert (await post(http)).status_code == 200


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("others", {"model": 5, "prompt_tokens": "x"}),
        ("faults", {"faults": ["cutt"]}),
        ("clock", {}),
        ("clock", {"advance": "x"}),
        ("clock", []),
    ],
)
async def test_a_wrong_order_is_explained(http, path, body):
    reply = await http.post(f"/simulator/{path}", json=body)
    assert reply.status_code == 400
    assert reply.json()["error"]


async def test_what_is_not_there_is_404(http):
    assert (await http.get("/simulator/nothing")).status_code == 404
    assert (await http.get("/simulator/answers/req_x")).status_code == 404
