"""Named prompts on the command line: listed, shown, edited, and asked with."""

import json
import sys

import pytest

MODEL = "openai/gpt-oss-20b"
REVIEW = f"""\
---
description: A review
system: terse
model: {MODEL}
temperature: 0.2
max_tokens: 90
stop: END
tier: flex
---
Review this {{{{language=Python}}}} code for {{{{aspect}}}}.
"""


@pytest.fixture
def prompts(groqchat_home):
    """A folder with a template and a system prompt."""
    folder = groqchat_home / "prompts"
    folder.joinpath("system").mkdir(parents=True)
    folder.joinpath("review.md").write_text(REVIEW)
    folder.joinpath("system", "terse.md").write_text("Be terse in {{tongue=English}}.")
    return folder


def told(body):
    return [message["content"] for message in body["messages"]]


def test_a_template_makes_the_prompt_and_names_how_it_is_asked(simulator, groqchat, prompts, asked):
    values = ("--var", "aspect=style", "--var", "tongue=French")
    assert groqchat("ask", "--template", "review", *values, piped=b"x = 1").code == 0
    assert told(asked[-1]) == [
        "Be terse in French.",
        "Review this Python code for style.\n\nx = 1",
    ]
    names = ("model", "temperature", "max_completion_tokens", "stop", "service_tier")
    assert [asked[-1][name] for name in names] == [MODEL, 0.2, 90, ["END"], "flex"]


def test_the_command_line_wins_over_the_template(simulator, groqchat, prompts, asked, tmp_path):
    prompts.joinpath("ask.md").write_text("---\nseed: 7\neffort: low\n---\n{{input}} {{more}}")
    tmp_path.joinpath("more.txt").write_text("Because.\n")
    more = f"more=@{tmp_path}/more.txt"
    done = groqchat(
        "ask", "Why?", "--template", "ask", "--var", more, "--seed", "off", "-s", "Rhyme."
    )
    assert done.code == 0
    assert told(asked[-1]) == ["Rhyme.", "Why? Because."]
    assert (asked[-1].get("seed"), asked[-1]["reasoning_effort"]) == (None, "low")
    assert groqchat("ask", "Why?", "--system-name", "terse").code == 0
    assert told(asked[-1]) == ["Be terse in English.", "Why?"]


@pytest.mark.parametrize(
    "mistake",
    [
        (("--template", "rewiew"), "no template is called rewiew; did you mean review?"),
        (("--template", "review"), "review: the variable aspect needs a value: --var NAME=VALUE"),
        (("--template", "review", "--var", "aspekt=1"), "did you mean aspect?"),
        (("--template", "review", "--var", "aspect"), "--var aspect: write NAME=VALUE"),
        (("--template", "review", "--var", "a=1", "--var", "a=2"), "--var a is given twice"),
        (("--template", "review", "--var", "aspect=@nowhere"), "cannot read nowhere"),
        (("--template", "broken"), "broken.md: line 2: sed is no field"),
        (
            ("--template", "hot"),
            "hot.md: line 2: temperature 9: a model takes a number from 0",
        ),
        (("--template", ""), "--template names none; groqchat prompts list shows them"),
        (("--template", "review", "--template", "hot"), "--template: given twice"),
        (("--template", "terse"), "no template is called terse; system/terse is a system prompt"),
        (("--compact", "oldest", "--no-save"), "--compact is for sessions that are continued"),
        (("--approve", "listed"), "--approve listed is about the servers named with --tool"),
        (("--seed", "9" * 23), "a whole number up to 9,223,372,036,854,775,807"),
        (("-s", "\udcff"), "the system prompt is not text in UTF-8"),
        (("--var", "a=1"), "--var is for --template or --system-name"),
        (("--system-name", "terse", "-s", "x"), "either --system or --system-name"),
        (("--template", "alone"), "alone.md: line 2: no system prompt is called nobody; did you"),
    ],
)
def test_a_mistake_is_said_before_anything_is_sent(simulator, groqchat, prompts, asked, mistake):
    argv, said = mistake
    prompts.joinpath("broken.md").write_text("---\nsed: 1\n---\nHi")
    prompts.joinpath("hot.md").write_text("---\ntemperature: 9\n---\nHi")
    prompts.joinpath("alone.md").write_text("---\nsystem: nobody\n---\nHi")
    prompts.joinpath("system", "nobodys.md").write_text("Hi")
    done = groqchat("ask", "Hi", *argv)
    assert (done.code, said in done.err, asked) == (2, True, []), done.err


def test_they_are_listed_and_shown(groqchat, prompts):
    listed = groqchat("prompts", "list")
    assert "review  template" in listed.out
    assert "language=Python aspect  A review" in listed.out
    assert "terse   system" in listed.out
    review, terse = groqchat("prompts", "list", "--json").json
    assert (review["name"], review["model"], review["kind"]) == ("review", MODEL, "template")
    assert review["variables"] == [
        {"name": "language", "default": "Python"},
        {"name": "aspect", "default": None},
    ]
    assert terse["file"] == str(prompts / "system" / "terse.md")
    shown = groqchat("prompts", "show", "review", "--var", "aspect=style")
    assert shown.out == "Review this Python code for style.\n"
    assert groqchat("prompts", "show", "terse", "--system").out.startswith("Be terse in {{tongue")
    assert groqchat("prompts", "show", "system/terse").out.startswith("Be terse in {{tongue")
    prompts.joinpath("with space.md").write_text("Hi")
    prompts.joinpath("broken.md").write_text("---\n")
    listed = groqchat("prompts", "list")
    assert (listed.code, "broken.md: line 1: " in listed.err) == (0, True)
    assert "its file has a mistake" in listed.out
    assert "with space.md is not used: 'with space' is no name of a prompt" in listed.err
    # What has a mistake is not offered.
    assert "no template is called xyz; there is review" in groqchat("prompts", "show", "xyz").err


def test_without_a_folder_the_way_to_the_first_is_told(groqchat, groqchat_home):
    assert "yet: groqchat prompts edit NAME." in groqchat("prompts", "list").err


def test_the_editor_opens_the_file_and_an_untouched_example_is_no_prompt(
    groqchat, prompts, monkeypatch
):
    monkeypatch.delenv("VISUAL", raising=False)
    assert "needs a terminal" in groqchat("prompts", "edit", "new").err
    monkeypatch.setattr("groqchat.cli.templates.prompts.is_interactive", lambda: True)
    monkeypatch.setenv("EDITOR", f"{sys.executable} -c pass")
    assert "left as the example" in groqchat("prompts", "edit", "new").err
    assert not prompts.joinpath("new.md").exists()
    write = "import sys; open(sys.argv[1], 'w').write('Hello {{x}}')"
    monkeypatch.setenv("EDITOR", f'{sys.executable} -c "{write}"')
    assert groqchat("prompts", "edit", "new").err.endswith("new.md is --template new.\n")
    assert prompts.joinpath("new.md").read_text() == "Hello {{x}}"


def test_a_prompt_that_is_not_utf_8_is_refused_like_piped_bytes(simulator, groqchat, asked):
    done = groqchat("ask", "\udcff\udcfe hi")
    assert (done.code, asked) == (2, [])
    assert "the prompt is not text in UTF-8" in done.err


def test_json_lines_begin_with_the_start_also_where_an_option_is_unknown(groqchat):
    lines = groqchat("ask", "--jsonl", "--nosuch").out.splitlines()
    assert [json.loads(line)["event"] for line in lines] == ["start", "error"]


def test_a_system_prompt_is_read_from_a_file_wherever_one_is_given(
    simulator, groqchat, asked, tmp_path
):
    tmp_path.joinpath("terse.txt").write_text("Be terse.\n")
    both = ("-m", MODEL, "-m", "openai/gpt-oss-120b")
    lines = tmp_path / "lines.txt"
    lines.write_text("Why?\n")
    for written, sent in ((f"@{tmp_path}/terse.txt", "Be terse."), ("@@you", "@you")):
        assert groqchat("ask", "Why?", "-s", written).code == 0
        assert told(asked[-1]) == [sent, "Why?"]
        assert groqchat("compare", "Why?", *both, "-s", written).code == 0
        assert [told(body) for body in asked[-2:]] == [[sent, "Why?"]] * 2
        planned = groqchat("batch", "submit", lines, "-m", MODEL, "-s", written, "--dry-run")
        assert planned.code == 0
    number = len(asked)
    for command in (("ask", "Why?"), ("compare", "Why?", *both), ("batch", "submit", lines)):
        done = groqchat(*command, "-s", f"@{tmp_path}/nowhere.txt")
        assert (done.code, "cannot read" in done.err) == (2, True), done.err
    assert len(asked) == number
