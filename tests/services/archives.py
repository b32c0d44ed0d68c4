"""Sessions of any shape, for tests of what is kept of them."""

from dataclasses import replace
from decimal import Decimal
from functools import partial

from hypothesis import strategies as st

from groqchat.domain.compare.compare import ComparisonRecord, Note, SavedColumn, Verdict, Vote
from groqchat.domain.compare.judging import Judgement, Opinion
from groqchat.domain.errors.table import failure
from groqchat.domain.limits.quota import LimitKind
from groqchat.domain.money.pricing import Cost
from groqchat.domain.money.usage import Timing, Usage
from groqchat.domain.sessions.archive import Archive
from groqchat.domain.sessions.labels import tags_from
from groqchat.domain.tools.executed import ExecutedTool, Source
from groqchat.domain.tools.outcome import Outcome
from groqchat.domain.tools.tool import ToolCall
from groqchat.domain.turns.chat import Message, Options, Role, Session, State
from groqchat.domain.turns.message_kind import MessageKind
from groqchat.reports.session_reports import SESSION_REPORTS
from groqchat.services.sessions.export_files import ENDINGS
from groqchat.services.sessions.exports import exported
from tests.fakes import START, session

ID = "s1"
EXPORTS = {form: partial(exported, form=form, reports=SESSION_REPORTS) for form in ENDINGS}
MESSAGES = (
    Message("a", "s1", None, Role.USER, "What is 2 < 3?", START),
    Message(
        "b", "s1", "a", Role.ASSISTANT, "True, **of course**.\n", START + 1, State.STOPPED, "m/1",
        cost=Cost(Decimal("0.00000375")),
    ),
)  # fmt: skip
TALK = Archive(
    replace(session(), title="Sums & <tags>", system="Be terse.", model="m/1", leaf_id="b"),
    MESSAGES,
)
ERRORS = (
    None,
    failure("model_not_found", status=404, model="m/gone"),
    failure(
        "rate_limited", status=429, limit_kind=LimitKind.TPM, limit=8000, used=7600, requested=900
    ),
)

# A database and JSON hold no half of a character.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
words = st.text(st.characters(categories=["L", "N", "P", "Zs"]), min_size=1, max_size=12)
models = st.sampled_from(["m/a", "m/b", "m/c"])
times = st.floats(0, 2e9)
seconds = st.none() | st.floats(0, 100)
counts = st.integers(0, 10**6)
money = st.decimals(0, 10, places=8)
usages = st.builds(
    Usage, counts, counts, counts, counts, seconds, seconds, seconds, is_estimated=st.booleans()
)
kinds = st.sampled_from(MessageKind)
# Parameters of this version and of later ones.
objects = st.dictionaries(
    st.sampled_from(["temperature", "seed", "stop", "later"]),
    st.none() | st.booleans() | counts | seconds | texts | st.lists(texts, max_size=2),
    max_size=2,
)
calls = st.builds(ToolCall, words, words, texts)
steps = st.builds(
    ExecutedTool,
    words,
    texts,
    texts,
    st.lists(st.builds(Source, texts, texts), max_size=2).map(tuple),
)
ENDED = tuple(state for state in State if state is not State.STREAMING)


@st.composite
def archives(draw):
    """A session with branches, and perhaps a comparison."""
    messages = []
    for number in range(draw(st.integers(1, 7))):
        before = [*messages] if draw(st.integers(0, 4)) else []
        messages.append(draw(message(f"m{number}", before)))
    ids = [message.id for message in messages]
    return Archive(
        draw(sessions(ids)),
        tuple(messages),
        draw(st.none() | records(ids)),
        draw(each_turn(vote)),
        draw(each_turn(note)),
        draw(each_turn(judgement)),
    )


def message(name, before):
    parents = st.sampled_from([each.id for each in before]) if before else st.none()
    # A session with nothing but marks is none.
    roles = st.sampled_from([Role.USER, Role.SYSTEM] if before else [Role.USER])
    prompt = st.builds(
        Message, st.just(name), st.just(ID), parents, roles, texts, times,
        kind=kinds, kept_from=parents, changed_above=st.integers(-2, 2),
    )  # fmt: skip
    answer = st.builds(
        Message,
        st.just(name),
        st.just(ID),
        parents,
        st.just(Role.ASSISTANT),
        texts,
        times,
        st.sampled_from(ENDED),
        st.none() | models,
        texts,
        st.none() | words,
        st.none() | words,
        st.none() | words,
        st.none() | usages,
        st.none() | st.builds(Timing, seconds, st.floats(0, 100)),
        st.none() | st.builds(Cost, money, money),
        st.none() | words,
        st.none() | models,
        kinds,
        asked_with=objects,
        calls=st.lists(calls, max_size=2).map(tuple),
        executed=st.lists(steps, max_size=2).map(tuple),
    )
    result = st.builds(
        Message,
        st.just(name),
        st.just(ID),
        parents,
        st.just(Role.TOOL),
        texts,
        times,
        finish_reason=st.sampled_from(Outcome),
        timing=st.none() | st.builds(Timing, seconds, st.floats(0, 100)),
        calls=calls.map(lambda call: (call,)),
        kind=kinds,
    )
    return prompt | answer | result


def sessions(ids):
    return st.builds(
        Session,
        st.just(ID),
        words,
        times,
        times,
        st.none() | models,
        texts,
        st.sampled_from(ids),
        st.just(0),
        st.none() | money.map(lambda amount: amount + Decimal("0.01")),
        st.none() | st.sampled_from(["", "flex"]),
        st.none() | st.sampled_from(["", "high"]),
        st.none() | st.integers(0, 9000),
        st.none() | st.integers(0, 9),
        st.none() | st.sampled_from(["", "oldest", "summary"]),
        is_pinned=st.booleans(),
        is_archived=st.booleans(),
        tags=st.lists(words, max_size=4).map(" ".join).map(tags_from),
        parameters=objects,
    )


def records(ids):
    options = st.builds(
        Options,
        models,
        texts,
        st.none() | words,
        st.none() | words,
        st.none() | counts,
        st.none() | st.floats(0, 2),
        st.none() | counts,
        st.booleans(),
        st.none() | words,
        st.frozensets(words, max_size=3),
        st.none() | words,
        st.none() | words,
        st.none() | st.floats(0, 1),
        st.none() | counts,
        st.lists(texts.filter(bool), max_size=2).map(tuple),
    )
    column = st.builds(
        SavedColumn,
        options,
        st.none() | st.sampled_from(ids),
        st.integers(0, 3),
        st.sampled_from(ERRORS),
    )
    flags = st.booleans()
    columns = st.lists(column, min_size=2, max_size=4).map(tuple)
    return st.builds(
        ComparisonRecord, st.just(ID), st.integers(1, 9), columns, flags, words, flags, flags
    )


def each_turn(of):
    turns = st.lists(st.integers(1, 5), unique=True, max_size=3).map(sorted)
    return turns.flatmap(lambda some: st.tuples(*map(of, some)))


def vote(turn):
    winner = st.none() | models
    verdicts = st.sampled_from(Verdict)
    named = st.lists(models, max_size=3).map(tuple)
    return st.builds(
        Vote, st.just(ID), st.just(turn), times, named, verdicts, winner, st.booleans(), words
    )


def note(turn):
    return st.builds(Note, st.just(ID), st.just(turn), times, words, words)


def judgement(turn):
    opinions = st.lists(st.builds(Opinion, models, st.floats(1, 8), texts), max_size=3).map(tuple)
    return st.builds(
        Judgement, st.just(ID), st.just(turn), times, words, st.sampled_from(Verdict),
        st.none() | models, st.booleans(), opinions,
    )  # fmt: skip
