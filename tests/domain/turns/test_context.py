"""What of a branch is sent with the next prompt."""

from dataclasses import replace

from groqchat.domain.money.usage import Usage
from groqchat.domain.turns.chat import Message, Role, State
from groqchat.domain.turns.context import context, has_compaction, summarised
from groqchat.domain.turns.message_kind import MessageKind


def branch(*said):
    """Messages one after another; of each the role, and the kind where it has one."""
    messages, parent_id = [], None
    for number, (role, *kinds) in enumerate(said):
        usage = Usage(100 * number, 0, 5) if role is Role.ASSISTANT else None
        name = f"m{number}"
        messages.append(
            Message(name, "s", parent_id, role, f"text {number}", 1.0, usage=usage,
                    kind=MessageKind("".join(kinds)))
        )  # fmt: skip
        parent_id = name
    return messages


def ids(messages):
    return [message.id for message in messages]


USER, ANSWER, SYSTEM = Role.USER, Role.ASSISTANT, Role.SYSTEM
TALK = branch((USER,), (ANSWER,), (USER,), (ANSWER,))
SUMMARY = [(USER, "summary"), (ANSWER, "summary"), (SYSTEM, "compaction")]
TURN = [(USER,), (ANSWER,)]


def test_without_a_compaction_all_that_was_said_is_sent_as_it_is():
    assert context(TALK) == TALK
    assert not has_compaction(TALK)


def test_a_side_question_and_its_answer_are_not_sent():
    path = branch((USER,), (ANSWER,), (USER, "aside"), (ANSWER, "aside"), (USER,))
    assert ids(context(path)) == ["m0", "m1", "m4"]
    assert not has_compaction(path)


def test_the_oldest_turns_are_left_out_and_what_was_counted_with_them_is_forgotten():
    path = branch(*TURN, *TURN, (SYSTEM, "compaction"), *TURN)
    path[4] = replace(path[4], kept_from="m2")
    sent = context(path)
    assert ids(sent) == ["m2", "m3", "m5", "m6"]
    assert [message.usage for message in sent] == [None, None, None, path[6].usage]
    assert has_compaction(path)


def test_a_summary_is_sent_before_what_was_kept():
    path = branch(*TURN, *TURN, *SUMMARY, *TURN)
    path[5] = replace(path[5], kept_from="m2")
    path[6] = replace(path[6], kept_from="m2")
    assert ids(context(path)) == ["m4", "m5", "m2", "m3", "m7", "m8"]


def test_a_summary_whose_compaction_did_not_end_replaces_nothing():
    path = branch(*TURN, *TURN, *SUMMARY[:2], *TURN, (SYSTEM, "compaction"))
    path[4], path[5] = (replace(each, kept_from="m2") for each in path[4:6])
    path[8] = replace(path[8], kept_from="m6")
    assert ids(context(path[:6])) == ["m0", "m1", "m2", "m3"]
    assert ids(context(path[:8])) == ["m0", "m1", "m2", "m3", "m6", "m7"]
    # Its place before the note of a later compaction does not end it.
    assert ids(context(path)) == ["m6", "m7"]
    assert ids(context([*path[:6], path[8]])) == []


def test_the_next_request_of_one_compaction_holds_the_summary_of_the_turns_before():
    path = branch(*TURN, *TURN, *TURN, *SUMMARY[:2])
    path[6], path[7] = (replace(each, kept_from="m2") for each in path[6:])
    assert ids(summarised(path, "m4")) == ["m6", "m7", "m2", "m3"]
    path[7] = replace(path[7], state=State.STOPPED)
    assert ids(summarised(path, "m4")) == ["m0", "m1", "m2", "m3"]


def test_a_summary_that_broke_off_replaces_nothing():
    path = branch(*TURN, (USER, "summary"), (ANSWER, "summary"), *TURN)
    path[3] = replace(path[3], state=State.BROKEN)
    assert ids(context(path)) == ["m0", "m1", "m4", "m5"]


def test_a_second_compaction_keeps_the_summary_of_the_first():
    path = branch(*TURN, *SUMMARY, *TURN, *TURN, (SYSTEM, "compaction"))
    path[-1] = replace(path[-1], kept_from="m7")
    assert ids(context(path)) == ["m2", "m3", "m7", "m8"]


def test_a_second_summary_is_made_from_the_first_and_replaces_it():
    path = branch(*TURN, *SUMMARY, *TURN, *TURN)
    assert ids(summarised(path, "m7")) == ["m2", "m3", "m5", "m6"]
    assert ids(summarised(path, None)) == ["m2", "m3", "m5", "m6", "m7", "m8"]
    again = branch(*TURN, *SUMMARY, *TURN, *TURN, *SUMMARY)
    again[-2], again[-1] = (replace(each, kept_from="m7") for each in again[-2:])
    assert ids(context(again)) == ["m9", "m10", "m7", "m8"]
