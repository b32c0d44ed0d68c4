"""``[team]`` in the settings."""

import pytest

from groqchat.domain.settings import read_settings


def test_a_team_is_read():
    table = {"url": "postgresql://anna@db/x", "machine": "desk", "profiles": ["work"]}
    settings, mistakes = read_settings({"team": table})
    assert mistakes == ()
    assert settings.team.url == "postgresql://anna@db/x"
    assert settings.team.includes("work")
    assert not settings.team.includes("default")
    assert not read_settings({})[0].team.includes("default")


@pytest.mark.parametrize(
    ("team", "said"),
    [
        ("x", "must be a table"),
        ({"url": 1}, "must be text"),
        ({"url": "http://db/x"}, "must be an address like postgresql://"),
        ({"url": "postgresql://anna:s3cret@db/x"}, "keeps it in the keyring"),
        ({"url": "postgres://db/x?sslmode=require&password=s3cret"}, "keeps it in the keyring"),
        ({"password": "s3cret"}, "keeps it in the keyring"),
        ({"profiles": "work"}, "must be a list"),
        ({"machine": 1}, "must be text"),
        ({"colour": "red"}, "is no setting"),
    ],
)
def test_a_mistake_is_said_without_the_password(team, said):
    settings, (mistake,) = read_settings({"team": team})
    assert said in mistake
    assert "s3cret" not in mistake
    assert settings.team.url == ""
