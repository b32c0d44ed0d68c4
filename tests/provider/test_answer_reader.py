"""The reader of the wire: every oddity, and any way the network may cut the bytes."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groqchat.domain.tools.events import StepTaken
from groqchat.domain.tools.executed import ExecutedTool, Source
from groqchat.domain.tools.tool import ToolCall
from groqchat.domain.turns.chat import Delta, ReasoningDelta
from groqchat.provider import sse
from groqchat.provider.answer_reader import AnswerReader
from groqchat.provider.chunk_template import ChunkTemplate
from groqchat.provider.sse import EventDecoder, EventTooLongError
from tests.provider.scripted import compact, delta, event

USAGE = {"prompt_tokens": 8, "completion_tokens": 3, "total_tokens": 11}
DONE = b"data: [DONE]\n\n"


def read(*parts, cut=None):
    """All that a reader makes of a body: its pieces, and itself."""
    body = b"".join(parts)
    reader = AnswerReader()
    pieces = []
    for start in range(0, len(body), cut or len(body) or 1):
        pieces += reader.feed(body[start : start + (cut or len(body))])
    pieces += reader.finish()
    return pieces, reader


def state(reader):
    names = ("finish_reason", "usage", "service_tier", "request_id", "failure", "text")
    flags = ("is_done", "is_garbled", "is_foreign", "is_empty")
    return {name: getattr(reader, name) for name in names + flags}


class TestText:
    def test_neighbours_of_one_kind_come_as_one_piece(self):
        pieces, reader = read(
            delta(role="assistant", content=""),
            delta(reasoning="Hm", channel="analysis"),
            delta(reasoning="m.", channel="analysis"),
            delta(content="Hel"),
            delta(content="lo"),
            delta("stop"),
            DONE,
        )
        assert pieces == [ReasoningDelta("Hmm."), Delta("Hello")]
        assert reader.text == "Hello"
        assert (reader.finish_reason, reader.is_done) == ("stop", True)

    def test_each_read_gives_its_own_piece(self):
        reader = AnswerReader()
        assert reader.feed(delta(content="a") + delta(content="b")) == [Delta("ab")]
        assert reader.feed(delta(content="c")) == [Delta("c")]
        assert reader.feed(b": ping\n\n") == []

    def test_one_chunk_with_both_kinds(self):
        pieces, _ = read(delta(content="answer", reasoning="thought"))
        assert pieces == [ReasoningDelta("thought"), Delta("answer")]

    def test_the_name_that_gateways_give_to_reasoning(self):
        pieces, _ = read(delta(reasoning_content="thought"))
        assert pieces == [ReasoningDelta("thought")]

    @pytest.mark.parametrize("index", [0, 1])
    def test_calls_come_in_pieces_and_side_by_side(self, index):
        """Some servers give every call the same index."""
        pieces, reader = read(
            delta(tool_calls=[{"index": 0, "id": "a", "function": {"name": "f"}}]),
            delta(tool_calls=[{"index": 0, "function": {"arguments": '{"x":'}}]),
            delta(tool_calls=[{"index": 0, "function": {"arguments": "1}"}}]),
            delta(tool_calls=[{"index": index, "id": "b", "function": {"name": "g"}}]),
            delta("tool_calls"),
        )
        assert pieces == []
        assert reader.finish_reason == "tool_calls"
        assert reader.calls == (ToolCall("a", "f", '{"x":1}'), ToolCall("b", "g", ""))

    def test_a_call_without_an_id_gets_one(self):
        _, reader = read(delta("tool_calls", tool_calls=[{"function": {"name": "f"}}, "?", {}]))
        assert reader.calls == (ToolCall("call_0", "f", ""),)

    def test_steps_of_the_servers_tools_are_told_as_they_grow(self):
        """The shapes of Groq's code-execution and built-in tools docs."""
        begun = {"index": 0, "type": "function", "name": "python", "arguments": "1+1"}
        done = {**begun, "code_results": [{"text": "2"}, {"png": "aGk="}]}
        page = {"title": "T", "url": "https://e.org/", "content": "long", "score": 0.5}
        found = {"index": 1, "type": "search", "arguments": '{"query": "q"}', "output": "o"}
        pieces, _ = read(
            delta(executed_tools=[begun]),
            delta(executed_tools=[done, {**found, "search_results": {"results": [page, {}]}}]),
            delta(executed_tools=[done]),
            delta(content="2"),
        )
        code = ExecutedTool("python", "1+1")
        whole = replace(code, output="2\n[a picture, which is not kept]")
        search = ExecutedTool("search", '{"query": "q"}', "o", (Source("T", "https://e.org/"),))
        assert pieces == [
            StepTaken(0, code),
            StepTaken(0, whole),
            StepTaken(1, search),
            Delta("2"),
        ]

    @pytest.mark.parametrize(
        "text", ['"', "\\", "\n", "é", "\U0001f600", "\x00", "}", '"}}]}', "probe"]
    )
    def test_text_survives_as_it_is(self, text):
        plain = delta(content="plain")
        pieces, _ = read(plain, plain, delta(content=text), plain)
        assert pieces == [Delta(f"plainplain{text}plain")]

    def test_halves_of_characters_are_replaced(self):
        pieces, _ = read(b'data: {"choices":[{"delta":{"content":"a\\ud83db"}}]}\n\n')
        assert pieces == [Delta("a?b")]
        pieces[0].text.encode()

    def test_bytes_that_are_no_utf8_are_replaced(self):
        plain = delta(content="plain")
        pieces, _ = read(plain, plain.replace(b"plain", b"\xff\xfe"), plain)
        assert pieces == [Delta("plain\ufffd\ufffdplain")]

    @pytest.mark.parametrize("content", [42, None, True, [], {}, ["x"], 1.5])
    def test_content_of_another_type_is_no_text(self, content):
        assert read(delta(content=content), delta("stop"))[0] == []


class TestHollowChunks:
    @pytest.mark.parametrize(
        "hollow",
        [
            b": ping\n\n",
            b"data:\n\n",
            b"data: \n\n",
            b"id: 7\n\n",
            b"retry: 10\n\n",
            b"\n\n\n",
            b"data: null\n\n",
            b"data: 17\n\n",
            b'data: "text"\n\n',
            b"data: []\n\n",
            b"data: {}\n\n",
            event({"choices": None}),
            event({"choices": []}),
            event({"choices": [None]}),
            event({"choices": [[]]}),
            event({"choices": {"0": {}}}),
            event({"choices": [{"delta": "text", "finish_reason": 3}]}),
            event({"choices": [{"delta": None, "message": None}]}),
            event({"x_groq": "text", "usage": "text", "service_tier": 3, "error": None}),
            event({"x_groq": {"id": 7, "usage": [], "error": ""}, "error": {}}),
            b"event: ping\ndata: {}\n\n",
        ],
    )
    def test_are_passed_over(self, hollow):
        pieces, reader = read(delta(content="a"), hollow, delta(content="b"), delta("stop"), DONE)
        assert pieces == [Delta("ab")]
        assert reader.failure is None
        assert (reader.finish_reason, reader.is_garbled) == ("stop", False)


class TestUsage:
    def test_the_last_count_is_the_one(self):
        finish = {"choices": [{"delta": {}, "finish_reason": "stop"}]}
        _, reader = read(
            event(finish | {"x_groq": {"id": "req_1", "usage": USAGE}, "usage": USAGE}),
            event(
                {"choices": [], "usage": USAGE | {"completion_tokens": 4}, "service_tier": "flex"}
            ),
            event({"choices": [], "usage": None, "x_groq": {"usage": {}}}),
            DONE,
        )
        assert (reader.usage.prompt_tokens, reader.usage.completion_tokens) == (8, 4)
        assert (reader.request_id, reader.service_tier) == ("req_1", "flex")

    def test_only_in_the_old_place(self):
        _, reader = read(event({"x_groq": {"id": "req_1", "usage": USAGE}}))
        assert reader.usage.total_tokens == 11

    def test_details(self):
        details = {
            "prompt_tokens_details": {"cached_tokens": 5},
            "completion_tokens_details": {"reasoning_tokens": 2},
            "queue_time": 0.25, "prompt_time": 0, "completion_time": float("nan"),
        }  # fmt: skip
        _, reader = read(event({"usage": USAGE | details}))
        usage = reader.usage
        assert (usage.cached_tokens, usage.reasoning_tokens) == (5, 2)
        assert (usage.queue_time, usage.prompt_time, usage.completion_time) == (0.25, 0, None)

    @pytest.mark.parametrize(
        "odd", [{"prompt_tokens": -1}, {"prompt_tokens": "8"}, {"prompt_tokens": 10**30}, {"x": 1}]
    )
    def test_a_count_that_is_none_is_not_zero(self, odd):
        assert read(event({"usage": odd}))[1].usage is None

    @pytest.mark.parametrize(
        ("part", "whole"),
        [
            ({"prompt_tokens_details": {"cached_tokens": 99}}, (8, 0, 3, 0)),
            ({"completion_tokens_details": {"reasoning_tokens": 4}}, (8, 0, 3, 0)),
            ({"prompt_tokens_details": {"cached_tokens": -1}}, (8, 0, 3, 0)),
            ({"prompt_tokens": 8.5}, (0, 0, 3, 0)),
            ({"completion_tokens": 10**9}, (8, 0, 0, 0)),
        ],
    )
    def test_what_cannot_be_is_left_out_and_the_rest_marked(self, part, whole):
        for body in (event({"usage": USAGE | part}), json.dumps(ANSWER | {"usage": USAGE | part})):
            sent = body if isinstance(body, bytes) else body.encode()
            usage = read(sent)[1].usage
            assert (
                usage.prompt_tokens,
                usage.cached_tokens,
                usage.completion_tokens,
                usage.reasoning_tokens,
            ) == whole
            assert usage.is_estimated

    @pytest.mark.parametrize(
        "last",
        [
            {"prompt_tokens": 0, "completion_tokens": 0},
            {"prompt_tokens": -1, "completion_tokens": -1},
            {"prompt_tokens": 8, "completion_tokens": 0},
            {"prompt_tokens": 10**15, "completion_tokens": 3.5},
        ],
    )
    def test_a_last_count_that_cannot_be_takes_nothing_back(self, last):
        _, reader = read(
            delta("stop", content="three words now"),
            event({"choices": [], "usage": USAGE}),
            event({"choices": [], "usage": last}),
            DONE,
        )
        usage = reader.usage
        assert (usage.prompt_tokens, usage.completion_tokens) == (8, 3)
        assert usage.is_estimated


class TestFailures:
    @pytest.mark.parametrize(
        ("sent", "failure"),
        [
            (b"event: error\n" + event({"error": {"message": "m"}}), {"message": "m"}),
            (event({"error": {"message": "m"}}), {"message": "m"}),
            (event({"error": "text"}), "text"),
            (b"event: error\n" + event({"message": "m"}), {"message": "m"}),
            (b"event: error\ndata: plain words\n\n", b"plain words"),
            (b"event: error\ndata: {broken\n\n", b"{broken"),
            (event({"x_groq": {"error": "over_capacity"}}), "over_capacity"),
        ],
    )
    def test_end_the_answer(self, sent, failure):
        pieces, reader = read(delta(content="half"), sent, delta(content="never"), delta("stop"))
        assert pieces == [Delta("half")]
        assert reader.failure == failure
        assert reader.finish_reason is None

    @pytest.mark.parametrize(
        "sent", [b"data: {\n\n", b"data: oops\n\n", b"data: " + b"[" * 99_999 + b"\n\n"]
    )
    def test_what_cannot_be_read_ends_the_answer(self, sent):
        pieces, reader = read(delta(content="half"), sent, delta(content="never"))
        assert pieces == [Delta("half")]
        assert reader.is_garbled

    def test_half_an_event_at_the_end_is_a_cut(self):
        pieces, reader = read(delta(content="half"), delta(content="never")[:30])
        assert pieces == [Delta("half")]
        assert not reader.is_over

    def test_a_last_event_without_its_blank_line_counts(self):
        assert read(delta(content="half"), delta("stop")[:-2])[1].finish_reason == "stop"

    def test_nothing_is_held_without_bounds(self, monkeypatch):
        monkeypatch.setattr(sse, "LONGEST_EVENT", 1000)
        reader = AnswerReader()
        reader.feed(delta(content="half"))
        assert reader.feed(b"data: " + b"x" * 2000) == []
        assert reader.is_garbled
        with pytest.raises(EventTooLongError):
            EventDecoder().feed(b"y" * 2000)


MESSAGE = {"content": "Hello", "reasoning": "Hm"}
ANSWER = {"choices": [{"message": MESSAGE, "finish_reason": "stop"}], "usage": USAGE}


class TestWholeBodies:
    @pytest.mark.parametrize("cut", [None, 1, 7])
    @pytest.mark.parametrize("before", [b"", b"\r\n ", b"\xef\xbb\xbf"])
    def test_an_answer_is_an_answer(self, cut, before):
        pieces, reader = read(before, json.dumps(ANSWER, indent=1).encode(), cut=cut)
        assert pieces == [ReasoningDelta("Hm"), Delta("Hello")]
        assert (reader.finish_reason, reader.usage.total_tokens) == ("stop", 11)

    def test_an_error_object_is_an_error(self):
        _, reader = read(b'{"error": {"message": "no"}}')
        assert reader.failure == {"message": "no"}

    @pytest.mark.parametrize(
        "body", [b"<!DOCTYPE html><p>Sign in</p>", b" \n<html>", b'{"ok": true}', b"{", b"{" * 9999]
    )
    def test_anything_else_is_foreign(self, body):
        pieces, reader = read(body)
        assert pieces == []
        assert reader.is_foreign

    def test_nothing_at_all(self):
        assert state(read()[1]) == state(AnswerReader())


LINES = st.sampled_from([b"\n", b"\r\n", b"\r"])
TEXTS = st.text(max_size=6)
EVENTS = st.one_of(
    st.builds(lambda text: {"choices": [{"delta": {"content": text}}]}, TEXTS),
    st.builds(lambda text: {"choices": [{"delta": {"reasoning": text, "channel": "x"}}]}, TEXTS),
    st.just({"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": USAGE}),
    st.just({"error": {"message": "m"}}),
    st.just({"x_groq": {"id": "req_1"}}),
)
ODDITIES = st.sampled_from([b"[DONE]", b"", b"{", b"\xff\xfe", b"\xc3"])
BLOCKS = ODDITIES | st.builds(
    lambda value, ascii_only: compact(value, ascii_only=ascii_only), EVENTS, st.booleans()
)


@st.composite
def bodies(draw):
    """A stream of events and oddities, each with its own line ends, and places to cut it."""
    body = b""
    for block in draw(st.lists(BLOCKS, max_size=8)):
        end = draw(LINES)
        name = draw(st.sampled_from([b"", b"", b"", b": ping", b"event: error", b"id: 1"]))
        body += (name + end if name else b"") + b"data: " + block + end + end
    body += draw(st.sampled_from([b"", b"data: {", b"data: {}"]))
    cuts = draw(st.lists(st.integers(0, len(body)), max_size=12))
    return body, sorted(cuts)


@given(bodies())
def test_no_cut_changes_what_is_read(case):
    body, cuts = case
    whole, expected = read(body)
    reader = AnswerReader()
    pieces = []
    for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True):
        pieces += reader.feed(body[start:end])
    pieces += reader.finish()
    assert state(reader) == state(expected)
    for kind in (Delta, ReasoningDelta):
        told = ["".join(p.text for p in some if isinstance(p, kind)) for some in (whole, pieces)]
        assert told[0] == told[1]


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_line_ends_cut_in_their_middle(end):
    lines = b"event: error" + end + b"data: one" + end + b"data: two" + end + end
    for cut in range(1, len(lines)):
        decoder = EventDecoder()
        events = [*decoder.feed(lines[:cut]), *decoder.feed(b""), *decoder.feed(lines[cut:])]
        assert events == [(b"error", b"one\ntwo")]


@pytest.mark.parametrize("cut", [1, 2, 3, 20])
def test_a_mark_of_the_byte_order_stands_before_a_stream_and_nowhere_else(cut):
    mark, decoder = b"\xef\xbb\xbf", EventDecoder()
    body = mark + b"data: one\n\n" + mark + b"data: two\n\ndata: three\n\n"
    events = [*decoder.feed(body[:cut]), *decoder.feed(body[cut:])]
    assert events == [(b"", b"one"), (b"", b"three")]


@given(st.binary(max_size=200), st.integers(1, 5))
def test_no_bytes_break_it(body, cut):
    read(body, cut=cut)
    read(b"data: ", body, b"\n\n", cut=cut)
    read(b'data: {"choices":[{"delta":{"content":"', body, b'"}}]}\n\n', cut=cut)


@given(st.lists(TEXTS, min_size=2, max_size=6), st.booleans())
def test_templates_read_what_json_reads(texts, ascii_only):
    chunks = [{"id": "c", "choices": [{"delta": {"content": text}}]} for text in texts]
    sent = [compact(chunk, ascii_only=ascii_only) for chunk in chunks]
    pieces, _ = read(*(b"data: " + data + b"\n\n" for data in sent))
    told = [json.loads(data)["choices"][0]["delta"]["content"] for data in sent]
    assert "".join(piece.text for piece in pieces) == "".join(told)


class TestMoulds:
    def test_fits_chunks_that_differ_in_text_only(self):
        data = delta(content="one")[6:-2]
        template = ChunkTemplate.of(data, {"content": "one"})
        assert template.text_of(data.replace(b"one", b"other")) == "other"
        assert template.text_of(data.replace(b"one", b"")) == ""
        assert template.text_of(data.replace(b"one", b'o\\"n\\ne')) == 'o"n\ne'
        assert template.text_of(data.replace(b"one", b'o","role":"x')) is None
        assert template.text_of(data.replace(b"one", b"o\\")) is None
        assert template.text_of(data.replace(b"null", b'"stop"')) is None
        assert template.text_of(data[:40]) is None

    @pytest.mark.parametrize(
        "data",
        [
            b'{"content":"a","choices":[{"delta":{"content":"a"}}]}',
            b'{"choices":[{"delta":{"content":"a","reasoning":"b"}}]}',
            b'{"choices":[{"delta":{"content":"a","content":"a"}}]}',
            b'{"choices":[{"delta":{"content":"\\u0061"}}]}',
            b'{"choices":[{"delta":{"content":""}}]}',
        ],
    )
    def test_none_is_made_where_the_place_is_in_doubt(self, data):
        assert ChunkTemplate.of(data, json.loads(data)["choices"][0]["delta"]) is None
