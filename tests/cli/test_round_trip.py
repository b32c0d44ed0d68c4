"""Sessions that were made by commands leave one home and come back in another as they were."""

import asyncio
import json

from groqchat.bootstrap import Launch, open_services
from groqchat.domain.compare.compare import Note, Verdict, Vote
from groqchat.domain.turns.chat import Message, Role

A, B = "openai/gpt-oss-120b", "openai/gpt-oss-20b"


def exports(groqchat, form):
    """All sessions of a home, by their ids."""
    listed = groqchat("sessions", "list", "--json").json
    return {
        each["id"]: groqchat("sessions", "export", each["id"], "--format", form).out
        for each in listed
    }


async def judge_and_branch(compared_id, chat_id):
    """Do what only the screen does: vote, write a note, ask a prompt anew."""
    async with open_services(Launch()) as services:
        await services.votes.save(
            Vote(compared_id, 1, 5.0, (A, B), Verdict.WINNER, A, True, "code")
        )
        await services.votes.save_note(Note(compared_id, 1, 6.0, "Shorter is better"))
        first = (await services.store.everything(chat_id))[0]
        anew = Message("anew", chat_id, first.parent_id, Role.USER, "Asked differently", 7.0)
        await services.store.add_message(anew)


def test_all_of_it_comes_back_in_another_home(simulator, groqchat, tmp_path, monkeypatch):
    (tmp_path / "notes.md").write_text("```\nMilk\n```")
    compared = groqchat("compare", "Why?", "-m", A, "-m", B, "--json")
    assert compared.code == 0
    asked = groqchat(
        "ask", "Sum up", "-f", tmp_path / "notes.md", "--effort", "high", "--json"
    ).json
    simulator.arm("cut=10*1")
    assert groqchat("ask", "Go on", "--session", asked["session_id"]).code == 8
    compared_id = next(
        each["id"]
        for each in groqchat("sessions", "list", "--json").json
        if each["id"] != asked["session_id"]
    )
    asyncio.run(judge_and_branch(compared_id, asked["session_id"]))
    labelled = ("--add-tag", "Tax-return", "--add-tag", "a", "--pin")
    assert groqchat("sessions", "edit", asked["session_id"], *labelled).code == 0
    listed = groqchat("sessions", "list", "--json").json
    before = {form: exports(groqchat, form) for form in ("json", "jsonl", "markdown")}
    chat = json.loads(before["json"][asked["session_id"]])
    assert [message["content"] for message in chat["messages"]] == ["Asked differently"]
    assert [message.get("state") for message in chat["other_messages"]][-1] == "broken"
    assert chat["effort"] == "high"
    labels = [chat["tags"], chat["pinned"], chat["archived"]]
    assert labels == [["a", "tax-return"], True, False]

    monkeypatch.setenv("GROQCHAT_HOME", str(tmp_path / "another"))
    file = tmp_path / "talk"
    file.write_text(before["json"][compared_id])
    assert groqchat("sessions", "import", file, "--json").json["added"] == 1
    file.write_text("".join(before["jsonl"].values()))
    done = groqchat("sessions", "import", file, "--json").json
    assert (done["added"], done["present"], done["failed"], done["left_out"]) == (1, 1, [], [])
    assert {form: exports(groqchat, form) for form in before} == before
    assert groqchat("sessions", "list", "--json").json == listed
