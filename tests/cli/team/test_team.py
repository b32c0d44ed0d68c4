"""``groqchat team``, with a PostgreSQL that runs."""

import socket
import time
from dataclasses import replace

import pytest

from groqchat.domain.limits.bucket_texts import buckets_from, buckets_text
from groqchat.domain.limits.quota import LimitKind
from groqchat.services.account.keys import MemoryKeyStore
from groqchat.services.quota.budget import local_day
from tests.cli.conftest import groqchat, simulator
from tests.team.conftest import cluster, database

__all__ = ["cluster", "database", "groqchat", "simulator"]


@pytest.fixture
def keyring(monkeypatch):
    """A keyring in memory that outlives single commands."""
    key_store = MemoryKeyStore()
    monkeypatch.setattr("groqchat.bootstrap.SystemKeyring", lambda: key_store)
    return key_store


def test_a_team_is_created_joined_and_listed(groqchat, keyring, cluster, database, groqchat_home):
    url = cluster.url(database=database)
    created = groqchat("team", "init", url, "--stdin", piped=b"secret-owner\n")
    assert (created.code, created.err) == (0, "")
    assert "up to date" in created.out
    assert "stored in memory" in created.out
    written = (groqchat_home / "config.toml").read_text()
    assert f'url = "{url}"' in written
    assert "secret" not in written

    assert "You are in the team" in groqchat("team", "init").out
    status = groqchat("team", "status")
    assert status.code == 0
    assert f"{url} answers" in status.out
    assert "The team has 1 member." in status.out

    anna = cluster.url("anna", database)
    assert groqchat("team", "init", anna, "--stdin", piped=b"secret-anna").code == 0
    refused = groqchat("team", "members", "--allow", "anna")
    assert refused.code == 5
    assert "does not permit this" in refused.err
    assert groqchat("team", "init", url).code == 0
    listed = groqchat("team", "members", "--allow", "anna").out
    assert [line.split()[:2] for line in listed.splitlines()[1:]] == [
        ["anna", "reader"],
        ["owner", "owner"],
    ]
    assert groqchat("team", "members", "--deny", "anna", "--json").json[0]["role"] == "member"
    assert groqchat("team", "members", "--allow", "nobody").code == 2


def test_what_a_team_has_used_is_told_by_person(groqchat, keyring, cluster, database, simulator):
    groqchat("team", "init", cluster.url(database=database), "--stdin", piped=b"secret-owner")
    assert groqchat("ask", "Hello").code == 0
    groqchat("team", "init", cluster.url("anna", database), "--stdin", piped=b"secret-anna")
    assert groqchat("ask", "Hello").code == 0
    assert groqchat("ask", "Hello").code == 0

    mine = groqchat("usage", "--by", "person")
    assert mine.code == 0
    rows = [line.split()[:2] for line in mine.out.splitlines()[1:]]
    assert rows == [["anna", "2"], ["you", "2"], ["all", "3"]]
    assert "may not read" in mine.err
    groqchat("team", "init", cluster.url(database=database))
    use = groqchat("usage", "--team", "--by", "person", "--json").json
    assert [(row["key"], row["requests"]) for row in use["rows"]] == [("anna", 2), ("owner", 1)]
    assert (use["requests"], use["mine"]["requests"], use["sees_others"]) == (3, 1, True)
    assert use["cost_usd"] == groqchat("usage", "--json").json["cost_usd"]
    for option in ("session", "profile"):
        wrong = groqchat("usage", "--team", "--by", option)
        assert wrong.code == 2
        assert "by model, day, person or machine" in wrong.err
    table = groqchat("usage", "--team", "--by", "day", "--csv").out.splitlines()
    assert [line.split(",")[:2] for line in table[1:]] == [
        [local_day(time.time()).isoformat(), "3"]
    ]
    assert groqchat("usage", "--team", "--by", "day", "-n", "1", "--json").json["rows"]


def test_what_is_left_for_the_team_is_told(groqchat, keyring, cluster, database, simulator):
    groqchat("team", "init", cluster.url(database=database), "--stdin", piped=b"secret-owner")
    for _ in range(2):  # the first answer tells of the limits
        assert groqchat("ask", "Hello").code == 0
    left = groqchat("quota", "--json")
    assert left.json["team"] == {"active": 3, "is_there": True}
    with cluster.connect(database=database) as connection:  # what another machine has used
        query = "SELECT buckets FROM groqchat.places"
        ((buckets,),) = connection.execute(query).fetchall()
        shared = {bucket.kind: bucket for bucket in buckets_from(buckets)}
        used = [replace(each, used=each.limit / 2, at=time.time()) for each in shared.values()]
        text = buckets_text(used)
        connection.execute("UPDATE groqchat.places SET buckets = %s", (text,))
    told = groqchat("quota")
    assert told.err == ""
    assert "shared by the team" in told.out.splitlines()[0]
    half = shared[LimitKind.RPD].limit // 2
    assert groqchat("quota", "--json").json["buckets"]["RPD"]["remaining"] == half
    forecast = groqchat("usage", "--json").json["forecast"]["limits"]
    assert [each["remaining"] for each in forecast if each["bucket"] == "RPD"] == [half]
    (model,) = {each["model"] for each in forecast}
    models = {each["id"]: each for each in groqchat("models", "--json").json}
    assert models[model]["left_today"]["RPD"] == half
    below = half + 10
    assert groqchat("quota", "--below", f"RPD={below}").code == 6


@pytest.mark.usefixtures("simulator", "keyring")
def test_without_the_teams_server_quota_tells_what_this_machine_knows(
    groqchat, cluster, groqchat_home
):
    assert groqchat("ask", "Hello").code == 0
    own = groqchat("quota", "--json").json["buckets"]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    (groqchat_home / "config.toml").write_text(f'[team]\nurl = "{cluster.url(port=port)}"\n')
    told = groqchat("quota", "--json")
    assert told.code == 0
    assert told.json["team"]["is_there"] is False
    assert told.json["buckets"]["RPD"]["remaining"] == own["RPD"]["remaining"]
    assert "cannot be reached" in told.err
    for command in ("quota", "usage", "models"):
        told = groqchat(command)
        assert told.code == 0
        assert "This is what this machine knows alone." in told.err


def test_what_is_wrong_is_said_and_nothing_written(groqchat, keyring, cluster, database):
    url = cluster.url(database=database)
    wrong = groqchat("team", "init", url, "--stdin", piped=b"wrong")
    assert wrong.code == 4
    assert "does not accept the name and password" in wrong.err
    assert groqchat("team", "init", url).code == 2  # there is no terminal to type it on
    for command in ("init", "status", "members"):
        unset = groqchat("team", command)
        assert unset.code == 10
        assert "The settings name no team" in unset.err
    for address in ("mysql://x", "postgresql://anna:secret@h/x", "postgresql://h/x?password=s"):
        assert groqchat("team", "init", address).code == 2
