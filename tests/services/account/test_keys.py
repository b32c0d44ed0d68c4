"""Keys: told apart in a check, stored under names, never shown."""

import asyncio
import hashlib

import pytest

from groqchat.domain.errors.cause import ErrorKind
from groqchat.domain.errors.table import CAUSES, failure
from groqchat.domain.errors.tree import KeyRejectedError, NoKeyError, StorageError
from groqchat.domain.models.catalog import LiveModel
from groqchat.domain.profiles import Profile
from groqchat.domain.text.secret import Secret, fingerprint
from groqchat.services.account import key_checks
from groqchat.services.account.key_checks import KeyStatus, verdict
from groqchat.services.account.keys import Keys, MemoryKeyStore, UnknownProfileError
from tests.fakes import START, BrokenKeyStore, FakeClock, FakeProvider, MemoryProfiles

KEY, OTHER = Secret("gsk_fake_0123456789abcdef"), Secret("gsk_fake_fedcba9876543210")


@pytest.fixture
def chosen():
    return []


@pytest.fixture
def make(chosen):
    def keys(listed=(), key_store=None):
        provider = FakeProvider(models=listed)
        made = Keys(
            key_store or MemoryKeyStore(),
            MemoryProfiles(),
            lambda *_: provider,
            chosen.append,
            FakeClock(),
        )
        made.provider = provider
        return made

    return keys


@pytest.mark.parametrize(
    ("cause", "status", "is_good"),
    [
        ("key_rejected", "rejected", False),
        ("key_malformed", "rejected", False),
        ("no_key", "missing", False),
        ("forbidden", "not_permitted", False),
        ("spend_blocked", "not_permitted", False),
        ("rate_limited", "limited", True),
        ("dns_failed", "unreachable", False),
        ("network_refused", "unreachable", False),
        ("not_found", "refused", False),
        ("invalid_request", "refused", False),
        ("unprocessable", "refused", False),
        ("model_not_found", "refused", False),
        ("answer_empty", "valid", True),
        ("over_budget", "refused", False),
        ("not_groq", "unreachable", False),
        ("over_capacity", "service_error", False),
        ("stream_error", "service_error", False),
    ],
)
async def test_every_outcome_of_a_check_has_its_status(make, cause, status, is_good):
    error = failure(cause, detail="x")
    check = await make(error).check(KEY)
    assert (check.status, check.is_good, check.models) == (status, is_good, None)
    assert error.message in check.message
    assert check.suggestion == error.suggestion


def test_no_kind_of_error_is_left_to_chance():
    for cause in CAUSES.values():
        if cause.kind is not ErrorKind.STORAGE:
            assert verdict(failure(cause.name)).status in KeyStatus


async def test_a_good_key_tells_how_many_models_it_may_call(make):
    keys = make([LiveModel("a"), LiveModel("b")])
    check = await keys.check(KEY)
    assert (check.status, check.models, check.latency_ms) == (KeyStatus.VALID, 2, 0)
    assert keys.provider.is_closed


async def test_the_outcome_is_remembered_with_a_stored_key(make):
    keys = make()
    await keys.add("work", KEY)
    await keys.check(KEY)
    assert [profile.last_checked for profile in await keys.list()] == [None]
    await keys.check(KEY, "work")
    await keys.check(KEY, "nobody")
    assert [(p.name, p.status) for p in await keys.list()] == [("work", "valid")]


async def test_a_server_that_never_answers_is_unreachable(make, monkeypatch):
    monkeypatch.setattr(key_checks, "LONGEST_CHECK_S", 0.01)
    keys = make()

    async def never():
        await asyncio.Event().wait()

    keys.provider.models = never
    assert (await keys.check(KEY)).status is KeyStatus.UNREACHABLE


async def test_trouble_on_this_machine_is_no_verdict_about_the_key(make):
    with pytest.raises(StorageError):
        await make(failure("disk", detail="full")).check(KEY)


async def test_keys_are_added_listed_used_renamed_and_removed(make, chosen):
    keys = make()
    assert await keys.add("work", KEY) == "memory"
    await keys.add("home", OTHER)
    assert [profile.name for profile in await keys.list()] == ["home", "work"]
    await keys.use("work")
    assert chosen == ["work"]
    await keys.rename("work", "office")
    assert (await keys.find("office", None)).secret == KEY
    with pytest.raises(NoKeyError):
        await keys.find("work", None)
    await keys.remove("office")
    assert [profile.name for profile in await keys.list()] == ["home"]
    with pytest.raises(NoKeyError):
        await keys.find("office", None)


async def test_a_profile_without_a_key_names_those_that_have_one(make):
    keys = make()
    await keys.add("work", KEY)
    with pytest.raises(NoKeyError) as caught:
        await keys.find("default", None)
    assert "default" in caught.value.message
    assert "groqchat key use work" in caught.value.command_suggestion


async def test_the_environment_beats_the_keyring(make):
    keys = make()
    found = await keys.find("work", OTHER)
    assert (found.secret, found.source, found.shadows_stored) == (OTHER, "env", False)
    await keys.add("work", KEY)
    assert (await keys.find("work", OTHER)).shadows_stored
    stored = await keys.find("work", None)
    assert (stored.secret, stored.source, stored.store) == (KEY, "keyring", "memory")


async def test_a_keyring_that_fails_matters_only_to_those_who_use_it(make):
    keys = make(key_store=BrokenKeyStore(failure("keyring_missing", detail="none")))
    with pytest.raises(NoKeyError):
        await keys.find("work", None)
    await keys._index.save_profile(Profile("work", START))
    with pytest.raises(StorageError):
        await keys.find("work", None)


@pytest.mark.parametrize("cause", ["keyring_locked", "keyring_silent", "keyring_unanswered"])
async def test_a_keyring_that_waits_for_its_user_is_not_one_without_a_key(make, cause):
    with pytest.raises(StorageError):
        await make(key_store=BrokenKeyStore(failure(cause, detail="x"))).find("work", None)


async def test_renaming_the_default_keeps_it_the_default(make, chosen):
    keys = make()
    await keys.add("work", KEY)
    await keys.rename("work", "office", is_default=True)
    assert chosen == ["office"]


@pytest.mark.parametrize("step", ["key", "store_key", "save_profile", "choose", "remove_key"])
async def test_whatever_fails_in_a_renaming_the_key_is_under_the_default_name(
    make, chosen, monkeypatch, step
):
    chosen.append("work")
    keys = make()
    await keys.add("work", KEY)

    async def fail(*_):
        raise failure("keyring_refused", detail="no")

    def refuse(_):
        raise failure("disk", detail="full")

    place = keys if step == "choose" else keys._index if step == "save_profile" else keys._key_store
    with monkeypatch.context() as broken:
        name, fault = ("_choose", refuse) if step == "choose" else (step, fail)
        broken.setattr(place, name, fault)
        with pytest.raises(StorageError) as caught:
            await keys.rename("work", "office", is_default=True)
    assert (caught.value.cause.name == "key_left_behind") == (step == "remove_key")
    assert (await keys.find(chosen[-1], None)).secret == KEY
    assert chosen[-1] in {profile.name for profile in await keys.list()}
    if step == "remove_key":
        await keys.remove("work")
        assert [profile.name for profile in await keys.list()] == ["office"]


async def test_a_check_before_a_key_is_stored_is_remembered_with_it(make):
    keys = make()
    await keys.add("work", KEY, found=await keys.check(KEY))
    (known,) = await keys.list()
    assert known.status == "valid"
    assert known.last_checked == known.created
    await keys.add("work", OTHER)
    (known,) = await keys.list()
    assert (known.status, known.last_checked) == ("", None)


async def test_what_is_known_about_a_key_never_holds_it(make):
    keys = make()
    await keys.add("work", KEY)
    assert KEY.reveal() not in repr(await keys.list())
    assert KEY.reveal() not in fingerprint(KEY)
    assert fingerprint(KEY) != fingerprint(OTHER)


def test_a_fingerprint_is_ours_alone():
    """What others made of the same key, by the same function even, is another."""
    key = KEY.reveal().encode()
    hashes = (
        hashlib.new(name, key).hexdigest()
        for name in hashlib.algorithms_guaranteed
        if not name.startswith("shake")
    )
    plain = hashlib.blake2b(key, digest_size=16).hexdigest()
    assert not any(fingerprint(KEY)[:16] in other for other in (*hashes, plain))


@pytest.mark.parametrize("act", ["use", "remove"])
async def test_an_unknown_name_is_said_to_be(make, act):
    with pytest.raises(UnknownProfileError, match="'nobody'"):
        await getattr(make(), act)("nobody")


async def test_a_key_that_only_the_keyring_knows_is_found_listed_and_chosen(make, chosen):
    key_store = MemoryKeyStore()
    for name in ("default", "work"):
        await key_store.store_key(name, KEY)
    keys = make(key_store=key_store)
    await keys.find("default", None)
    await keys.use("work")
    assert [(each.name, each.masked) for each in await keys.list()] == [
        ("default", KEY.masked),
        ("work", KEY.masked),
    ]
    assert chosen == ["work"]
    await keys.check(KEY, "default")
    assert (await keys.list())[0].status == "valid"


async def test_a_name_that_is_taken_is_not_overwritten(make):
    keys = make()
    await keys.add("a", KEY)
    await keys.add("b", OTHER)
    with pytest.raises(ValueError, match="already"):
        await keys.rename("a", "b")
    assert (await keys.find("b", None)).secret == OTHER


async def test_what_cannot_be_sent_is_not_stored(make):
    with pytest.raises(NoKeyError):
        await make().add("a", Secret(" "))
    with pytest.raises(KeyRejectedError, match="white space"):
        await make().add("a", Secret("gsk_fake two"))


async def test_a_keyring_that_refuses_leaves_no_trace(make):
    key_store = BrokenKeyStore(failure("keyring_locked", detail="login"))
    keys = make(key_store=key_store)
    with pytest.raises(StorageError):
        await keys.add("a", KEY)
    assert await keys.list() == []
