"""Each way in which the team's server is not there, in a sentence that says what to do."""

import logging
import socket
import sys

import pytest

from groqchat.domain.errors.tree import GroqchatError
from groqchat.domain.team.place import Place
from groqchat.team import connecting
from groqchat.team.connecting import parameters
from groqchat.team.schema import MIGRATIONS
from tests.team.cluster import Cluster
from tests.team.conftest import NOW, store_on

PLACE = Place("https://api.example", "m")
ELSEWHERE = "postgresql://owner@db.test:{port}/postgres?hostaddr=127.0.0.1"


async def cause(url, user="owner", password=None):
    """The cause for which a store cannot be used, and its sentence."""
    store = store_on(url, user, "c", password=password)
    try:
        with pytest.raises(GroqchatError) as failed:
            await store.state(PLACE, NOW)
    finally:
        await store.close()
    return failed.value.cause.name, failed.value.message


async def test_names_of_what_is_wrong(cluster, database):
    url = cluster.url(database=database)
    told, sentence = await cause(url, password="wrong")
    assert told == "team_password"
    assert 'password authentication failed for user "owner".' in sentence
    assert (await cause(cluster.url("nobody", database)))[0] == "team_password"
    assert await cause(cluster.url(database="none")) == (
        "team_database",
        'The team\'s server has no such database: database "none" does not exist.',
    )
    assert (await cause(url))[0] == "team_empty"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert await cause(cluster.url(port=port)) == (
        "team_unreachable",
        "The team's database server cannot be reached: Connection refused.",
    )
    assert (await cause("postgresql://owner@db.invalid/x"))[0] == "team_unreachable"


async def test_another_version_of_the_tables(team, cluster, database):
    store = team()
    for version, name in ((0, "team_older"), (len(MIGRATIONS) + 1, "team_newer")):
        with cluster.connect(database=database) as connection:
            connection.execute("UPDATE groqchat.schema_version SET version = %s", (version,))
        told, sentence = await cause(cluster.url(database=database))
        assert told == name
        assert f"version {version}, and this groqchat knows {len(MIGRATIONS)}" in sentence
    with pytest.raises(GroqchatError, match="newer"):
        await store.init(NOW)


async def test_who_may_not_create_tables_is_told_so(cluster, database):
    store = store_on(cluster.url("anna", database), "anna", "c")
    with pytest.raises(GroqchatError) as failed:
        await store.init(NOW)
    await store.close()
    assert failed.value.cause.name == "team_forbidden"


async def test_creating_a_team_again_changes_nothing(team):
    assert not await team().init(NOW)


async def test_elsewhere_nothing_goes_without_tls(cluster):
    told, sentence = await cause(ELSEWHERE.format(port=cluster.port))
    assert told == "team_tls"
    assert "server does not support SSL" in sentence
    told, sentence = await cause(ELSEWHERE.format(port=cluster.port) + "&sslmode=prefer")
    assert told == "team_tls_off"
    assert "sslmode=prefer" in sentence


async def test_a_certificate_is_checked():
    cluster = Cluster(tls=True)
    try:
        url = ELSEWHERE.format(port=cluster.port)
        assert (await cause(url))[0] == "team_tls"
        (cluster.folder).chmod(0o755)
        trusted = f"{url}&sslrootcert={cluster.folder}/server.crt"
        assert (await cause(trusted))[0] == "team_empty"
        assert (await cause(trusted.replace("db.test", "other.test")))[0] == "team_tls"
    finally:
        cluster.stop()


@pytest.mark.parametrize(
    ("host", "is_checked"),
    [("localhost", False), ("127.0.0.1", False), ("[::1]", False), ("db.test", True), ("", False)],
)
def test_tls_by_host(host, is_checked):
    wanted = parameters(f"postgresql://anna@{host}/team")
    assert wanted.get("sslmode") == ("verify-full" if is_checked else None)


async def test_the_missing_driver_is_named_with_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "psycopg", None)
    told, sentence = await cause("postgresql://anna@localhost/team")
    assert told == "team_driver"
    assert sentence == "The package that speaks to PostgreSQL is not installed."


async def test_a_server_that_was_started_again_is_used_again():
    cluster = Cluster()
    store = store_on(cluster.url(), "owner", "c")
    try:
        await store.init(NOW)
        cluster.kill()
        with pytest.raises(GroqchatError) as failed:
            await store.state(PLACE, NOW)
        assert failed.value.cause.name == "team_unreachable"
        cluster.start()
        await store.state(PLACE, NOW)
        cluster.kill()
        cluster.start()
        await store.state(PLACE, NOW)
    finally:
        await store.close()
        cluster.stop()


async def test_a_server_that_falls_silent_is_told_so_and_nothing_is_printed(
    cluster, database, monkeypatch, capfd
):
    """A network that was cut: what was sent goes nowhere, and nothing ends."""
    monkeypatch.setattr("groqchat.team.connecting.ANSWER_S", 0.1)
    store = store_on(cluster.url(database=database), "owner", "c")
    await store.init(NOW)
    with cluster.connect(database=database) as other, other.transaction():
        other.execute("LOCK TABLE groqchat.places")
        with pytest.raises(GroqchatError) as failed:
            await store.state(PLACE, NOW)
    await store.close()
    assert failed.value.cause.name == "team_silent"
    assert capfd.readouterr().err == ""
    assert logging.getLogger("psycopg").handlers  # without one of its own, it has stderr


async def test_a_lock_that_is_not_had_in_time_is_a_busy_server_on_the_same_connection(
    cluster, database, monkeypatch
):
    bounds = connecting._BOUNDS.replace("'3s'", "'50ms'")
    monkeypatch.setattr(connecting, "_BOUNDS", bounds)
    store = store_on(cluster.url(database=database), "owner", "c")
    await store.init(NOW)
    await store.take(PLACE, "first", lambda state: (state, {}), NOW)
    opened = store._calls._connection
    with cluster.connect(database=database) as other, other.transaction():
        other.execute("SELECT FROM groqchat.places FOR UPDATE")
        with pytest.raises(GroqchatError) as failed:
            await store.take(PLACE, "second", lambda state: (state, {}), NOW)
    assert failed.value.cause.name == "team_busy"
    assert "no turn came within 3 s" in failed.value.message
    state = await store.take(PLACE, "second", lambda state: (state, {}), NOW)
    assert state.active == 1
    assert store._calls._connection is opened
    await store.close()
