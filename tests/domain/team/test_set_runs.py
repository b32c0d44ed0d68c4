from groqchat.domain.prompt_sets.columns import SetColumn
from groqchat.domain.prompt_sets.prompt_set import SetRecord
from groqchat.domain.team.set_runs import (
    SILENT_BEATS,
    SetPlan,
    Silence,
    Worker,
    goes_on,
    recorded_run,
)

KEYS = ("k1", "k2", "k3")
PLAIN, WARM = SetColumn("a"), SetColumn("a temperature=1", "mark")


def plan(account="https://api.example", keys=KEYS, columns=(PLAIN, WARM)):
    return SetPlan(account, "set.jsonl", keys, columns)


def test_machines_that_ask_the_same_count_the_same_tasks():
    one, other = plan(), plan(columns=(WARM, PLAIN))
    assert one.content == other.content
    assert one.tasks_of(PLAIN.name) == other.tasks_of(PLAIN.name) == range(3)
    assert one.tasks_of(WARM.name) == other.tasks_of(WARM.name) == range(3, 6)
    assert one.size == 6


def test_whatever_is_asked_otherwise_is_another_run():
    others = (
        plan("https://other.example"),
        plan(keys=("k1", "k2")),
        plan(keys=("k2", "k1", "k3")),
        plan(columns=(PLAIN,)),
        plan(columns=(PLAIN, SetColumn("a temperature=1", "other"))),
    )
    assert len({plan().content, *(each.content for each in others)}) == 1 + len(others)


def beat(silence, *beats):
    silence.look(Worker(name, "anna", "desk", number) for name, number in beats)


def test_a_worker_is_taken_for_ended_after_some_own_beats_without_its():
    silence = Silence()
    for own in range(SILENT_BEATS):
        beat(silence, ("quick", own), ("silent", 7), ("late", 7))
    assert silence.ended == {}
    beat(silence, ("quick", 9), ("silent", 7), ("late", 8))
    assert silence.ended == {"silent": 7}
    beat(silence, ("quick", 9), ("late", 8))
    assert silence.ended == {}


def record(run):
    return SetRecord("id", "place", 0.0, parameters=recorded_run(run, [PLAIN]) if run else {})


def test_answers_of_a_run_that_was_begun_again_are_not_those_of_the_new_one():
    assert goes_on(record(""), "abc-1")
    assert goes_on(record("abc-1"), "abc-1")
    assert not goes_on(record("abc-1"), "abc-2")
    assert goes_on(record("abc-1"), "fed-2")
