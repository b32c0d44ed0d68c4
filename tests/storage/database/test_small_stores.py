"""Drafts, prompt history, profiles, model lists, timings of headers and ids."""

import time
from dataclasses import replace
from decimal import Decimal

from groqchat.domain.compare.compare import ComparisonRecord, Note, SavedColumn, Verdict, Vote
from groqchat.domain.compare.judging import Judgement, Opinion
from groqchat.domain.limits.header_timing import HeaderTiming
from groqchat.domain.models.catalog import LiveModel
from groqchat.domain.money.pricing import Price
from groqchat.domain.profiles import Profile
from groqchat.domain.sessions.draft import ChipMark, KeptDraft
from groqchat.domain.sessions.unsaved import UNSAVED
from groqchat.domain.turns.chat import Options, State
from groqchat.domain.turns.session_kind import SessionKind
from groqchat.storage.database.comparisons import Comparisons
from groqchat.storage.database.drafts import Drafts
from groqchat.storage.database.header_timing import HeaderTimings
from groqchat.storage.database.votes import Votes, feedback_of
from groqchat.storage.ids import new_id
from groqchat.storage.keys.profiles import Profiles
from groqchat.storage.model_lists import ModelLists
from tests.storage.conftest import prompt, reply, session


async def test_a_draft_is_kept_for_each_session_until_it_is_empty(database):
    drafts = Drafts(database)
    assert await drafts.draft("s1") == ""
    await drafts.save_draft("s1", "half a")
    await drafts.save_draft("s1", "half a thought\ud800")
    await drafts.save_draft("s2", "other")
    assert await drafts.draft("s1") == "half a thought?"
    await drafts.save_draft("s1", "")
    assert [await drafts.draft("s1"), await drafts.draft("s2")] == ["", "other"]


async def test_a_draft_comes_back_with_its_chips_also_to_the_next_process(database, tmp_path):
    chips = (ChipMark("paste", "pasted text", 5, 9), ChipMark("file", "Größe\ud800.txt", 10, 12))
    (tmp_path / ".draft-gone.lock").touch()  # a killed process leaves it, unlocked
    killed, drafts = f"{UNSAVED}:gone", Drafts(database, tmp_path)
    for name in ("s1", killed):
        await drafts.save_draft(name, "Why? long it", chips)
    for name in ("s1", UNSAVED):
        assert await drafts.kept_draft(name) == KeptDraft("Why? long it", chips)
    await drafts.save_draft("s1", "Why?")
    assert await drafts.kept_draft("s1") == KeptDraft("Why?")
    await drafts.save_draft("s1", "")
    assert await drafts.kept_draft("s1") == KeptDraft()
    drafts.release()


async def test_the_draft_of_an_unsaved_session_belongs_to_one_process_while_that_lives(
    database, tmp_path
):
    def locks():
        return len(list(tmp_path.glob(".draft-*")))

    window, other = Drafts(database, tmp_path), Drafts(database, tmp_path)
    await window.save_draft(UNSAVED, "of the window")
    assert await other.draft(UNSAVED) == ""
    await other.save_draft(UNSAVED, "of the other")
    assert [await window.draft(UNSAVED), locks()] == ["of the window", 2]
    window.release()  # as the end of its process does
    assert await other.draft(UNSAVED) == "of the other"
    started = Drafts(database, tmp_path)
    assert await started.draft(UNSAVED) == "of the window"
    assert await Drafts(database, tmp_path).draft(UNSAVED) == ""
    for drafts in (started, other):
        await drafts.save_draft(UNSAVED, "")
    assert locks() == 0


async def test_the_draft_of_a_process_that_was_killed_is_offered_to_the_next_start(
    database, tmp_path
):
    killed = f"{UNSAVED}:gone"
    (tmp_path / ".draft-gone.lock").touch()  # a killed process leaves it, unlocked
    await Drafts(database).save_draft(killed, "half a thought")
    first, second = Drafts(database, tmp_path), Drafts(database, tmp_path)
    assert [await first.draft(UNSAVED), await second.draft(UNSAVED)] == ["half a thought", ""]
    first.release()


async def test_prompts_come_newest_first_each_once_in_pages(store, database):
    await store.create_session(session())
    for number, text in enumerate(("one", "two", "one", "three Größe")):
        await store.add_message(prompt(f"q{number}", content=text))
    await store.add_message(reply("a", "q1", "two and more"))
    drafts = Drafts(database)
    assert list(await drafts.prompts()) == ["three Größe", "one", "two"]
    assert list(await drafts.prompts(limit=1, offset=1)) == ["one"]
    assert list(await drafts.prompts("O")) == ["one", "two"]
    assert list(await drafts.prompts("GRÖSSE")) == ["three Größe"]
    assert list(await drafts.prompts("%")) == []


async def test_profiles_are_kept_renewed_and_removed(database):
    profiles = Profiles(database)
    await profiles.save_profile(Profile("work", 1.0))
    await profiles.save_profile(Profile("home", 2.0, 3.0, "valid", "ACME", "gsk_…9fQ2"))
    await profiles.save_profile(Profile("work", 9.0, 4.0, "rejected"))
    home, work = (
        Profile("home", 2.0, 3.0, "valid", "ACME", "gsk_…9fQ2"),
        Profile("work", 1.0, 4.0, "rejected"),
    )
    assert list(await profiles.profiles()) == [home, work]
    await profiles.remove_profile("work")
    assert list(await profiles.profiles()) == [home]


async def test_the_last_list_of_models_is_kept_for_each_account(database):
    lists = ModelLists(database)
    price = Price(Decimal("0.150"), None, Decimal("0.6"), source="live", as_of="2026-10-01")
    models = (
        LiveModel("a", "x", True, 8192, 1024, price, ("text",), ("text",), ("tools",)),
        LiveModel("b"),
    )
    assert await lists.models("f") is None
    await lists.save_models("f", (), 1.0)
    await lists.save_models("f", models, 2.0)
    await lists.save_models("g", (), 3.0)
    assert await lists.models("f") == (models, 2.0)
    assert await lists.models("g") == ((), 3.0)


def test_ids_are_short_unique_and_safe_to_type():
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert {len(id_) for id_ in ids} == {14}
    assert all(id_.isalnum() and id_.islower() for id_ in ids)


def test_ids_sort_by_the_time_they_were_made(monkeypatch):
    times = iter([1_700_000_000_000_000_000, 1_790_000_000_000_000_000, 1_790_000_000_001_000_000])
    monkeypatch.setattr("time.time_ns", lambda: next(times))
    ids = [new_id() for _ in range(3)]
    assert ids == sorted(ids)


def test_ids_of_one_moment_differ_however_many(monkeypatch):
    monkeypatch.setattr("time.time_ns", lambda: 1_700_000_000_000_000_000)
    monkeypatch.setattr("secrets.randbits", lambda bits: 5)
    ids = [new_id() for _ in range(1000)]
    assert ids == sorted(set(ids))


async def test_a_second_vote_on_a_turn_replaces_the_first(database):
    votes = Votes(database)
    tie = Vote("s1", 1, 1.0, ("a", "b"), Verdict.TIE)
    winner = Vote("s1", 2, 2.0, ("a", "b"), Verdict.WINNER, "b", is_blind=True, tag="code")
    for vote in (tie, Vote("s1", 2, 1.5, ("a", "b"), Verdict.ALL_BAD), winner):
        await votes.save(vote)
    assert list(await votes.all()) == [tie, winner]


async def test_notes_are_kept_replaced_and_removed(database):
    votes = Votes(database)
    await votes.save_note(Note("s1", 1, 1.0, "first"))
    await votes.save_note(Note("s1", 1, 2.0, "better", "code"))
    await votes.save_note(Note("s1", 2, 3.0, "half \ud800", "code"))
    kept = [Note("s1", 2, 3.0, "half ?", "code"), Note("s1", 1, 2.0, "better", "code")]
    assert list(await votes.notes()) == kept
    await votes.save_note(Note("s1", 2, 4.0, ""))
    assert list(await votes.notes()) == kept[1:]


async def test_what_judges_say_is_kept_apart_from_votes(database):
    votes = Votes(database)
    opinions = (Opinion("b", 1.0, "Shorter."), Opinion("a", 2.0))
    said = Judgement("s1", 1, 5.0, "j", Verdict.WINNER, "b", True, opinions)
    await votes.save_judgement(Judgement("s1", 1, 4.0, "j", Verdict.TIE, None, False, ()))
    await votes.save_judgement(said)
    assert list(await votes.judgements()) == [said]
    assert list(await votes.all()) == []


async def test_a_search_tells_which_kind_of_session_it_found(database, store):
    for name in ("s1", "s2"):
        await store.create_session(session(name))
        await store.add_message(replace(prompt(name, content="wordsought"), session_id=name))
    await Comparisons(database).save(
        ComparisonRecord("s2", 1, (SavedColumn(Options("m/a")), SavedColumn(Options("m/b"))))
    )
    kinds = {hit.session_id: hit.session_kind for hit in await store.search("wordsought")}
    assert kinds == {"s1": SessionKind.CHAT, "s2": SessionKind.COMPARISON}


async def test_how_a_comparison_stands_is_kept_as_long_as_its_session(database, store):
    comparisons = Comparisons(database)
    await store.create_session(session("s1"))
    options = Options("m/a", "Be brief \ud800", effort="low", temperature=0.5)
    record = ComparisonRecord("s1", 2, (SavedColumn(options, "p2", 1), SavedColumn(Options("m/b"))))
    await comparisons.save(record)
    assert await comparisons.find("s1") == record
    closed = ComparisonRecord("s1", 3, record.columns, is_open=False)
    await comparisons.save(closed)
    assert await comparisons.find("s1") == closed
    assert await comparisons.find("s2") is None
    await store.delete_session("s1")
    assert await comparisons.find("s1") is None


async def test_the_answers_of_a_session_are_read_whole_or_not(store):
    await store.create_session(session("s1"))
    for message in (prompt("p"), reply("a", "p"), reply("b", "p", state=State.BROKEN)):
        await store.add_message(message)
    assert [message.id for message in await store.answers("s1")] == ["a", "b"]


async def test_what_an_endpoint_counts_is_kept_until_it_counts_otherwise(database):
    header_timings = HeaderTimings(database)
    assert await header_timings.header_timing("https://a") is None
    for header_timing in HeaderTiming:
        await header_timings.save_header_timing("https://a", header_timing)
        assert await header_timings.header_timing("https://a") is header_timing
    assert await header_timings.header_timing("https://b") is None
    assert await header_timings.alternatives("https://a", "m") is None
    await header_timings.save_alternatives("https://a", "m", "[1]")
    await header_timings.save_alternatives("https://a", "m", "[2]")
    assert [await header_timings.alternatives("https://a", model) for model in "mn"] == [
        "[2]",
        None,
    ]


async def test_what_a_clock_that_was_ahead_has_dated_is_older_than_all_the_rest(database):
    votes, ahead = Votes(database), time.time() + 86_400
    times = {"s1": ahead, "s2": 1.0, "s3": 2.0}
    for place, when in times.items():
        await votes.save(Vote(place, 1, when, ("a", "b"), Verdict.TIE))
        await votes.save_note(Note(place, 1, when, "words"))
        verdict = Judgement(place, 1, when, "judge", Verdict.TIE, None, True, ())
        await votes.save_judgement(verdict)
        await votes.save_judgement(replace(verdict, session_id="s1", judge=place))
    assert [vote.session_id for vote in await votes.all()] == ["s1", "s2", "s3"]
    assert [note.session_id for note in await votes.notes()] == ["s3", "s2", "s1"]
    judged = [each.session_id for each in await votes.judgements() if each.judge == "judge"]
    assert judged == ["s1", "s2", "s3"]
    _, _, said = await database.read(lambda db: feedback_of(db, "s1"))
    assert [each.judge for each in said] == ["judge", "s1", "s2", "s3"]
