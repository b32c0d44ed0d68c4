"""A server for the tests of a folder, and stores on databases of their own."""

import itertools

import pytest

from groqchat.domain.text.secret import Secret
from groqchat.team.calls import TeamCalls
from groqchat.team.store import PostgresTeam
from tests.team.cluster import ADMIN, Cluster

NOW = 1_791_000_000.0


@pytest.fixture(scope="session")
def cluster():
    running = Cluster()
    running.add_users("anna", "boris")
    try:
        yield running
    finally:
        running.stop()


_numbers = itertools.count()


@pytest.fixture
def database(cluster):
    return cluster.database(f"team{next(_numbers)}")


@pytest.fixture
def team_url(cluster, database):
    """The address of an empty database, for its owner."""
    return cluster.url(database=database)


def store_on(url, user, client, machine="laptop", password=None):
    secret = Secret(password or f"secret-{user}")

    async def password_of():
        return secret

    calls = TeamCalls(url, password_of, lambda package: f"pip install {package}")
    return PostgresTeam(calls, client, machine)


@pytest.fixture
async def team(cluster, database):
    """Makes stores of users on one database, which holds a team."""
    made = []

    def store(user=ADMIN, client=None, machine="laptop"):
        client = client or f"{user}-{len(made)}"
        made.append(store_on(cluster.url(user, database), user, client, machine))
        return made[-1]

    await store().init(NOW)
    yield store
    for each in made:
        await each.close()
