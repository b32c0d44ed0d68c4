"""``groqchat compare``: a table, a document or JSON; one failure does not spoil the others."""

from decimal import Decimal

import pytest

from groqchat.storage.catalog import load_catalog

A, B, GONE = "openai/gpt-oss-120b", "openai/gpt-oss-20b", "nobody/knows-it"


def models(*names):
    return [word for name in names for word in ("-m", name)]


def test_json_holds_every_answer_with_its_figures(simulator, groqchat):
    done = groqchat("compare", "What is a monad?", *models(A, B), "--json")
    assert done.code == 0
    results = done.json["results"]
    assert [result["model"] for result in results] == [A, B]
    for result in results:
        assert result["answer"] == simulator.answer(result["request_id"]).content
        price = load_catalog().get(result["model"]).price
        usage = result["usage"]
        tokens = usage["prompt_tokens"] * price.input + usage["completion_tokens"] * price.output
        assert Decimal(result["cost_usd"]) == tokens / 10**6
        assert result["timing"]["time_to_first_token_s"] <= result["timing"]["total_s"]
    assert f"{A}: answered in" in done.err


def test_the_answers_are_one_session(simulator, groqchat):
    results = groqchat("compare", "Hi", *models(A, B), "--json").json["results"]
    (saved,) = groqchat("sessions", "list", "--json").json
    assert {result["session_id"] for result in results} == {saved["id"]}
    assert (saved["title"], saved["turns"]) == ("Hi", 2)


def test_one_that_fails_has_its_own_error(simulator, groqchat):
    done = groqchat("compare", "Hi", *models(GONE, B), "--json")
    assert done.code == 0
    failed, answered = done.json["results"]
    assert (failed["error"]["kind"], failed["error"]["status"]) == ("model_gone", 404)
    assert failed["error"]["replacement"]
    assert (failed["usage"], failed["cost_usd"], failed["timing"]) == (None, None, None)
    assert answered["answer"]
    assert GONE in done.err


def test_when_all_fail_the_first_error_is_the_exit_code(simulator, groqchat):
    done = groqchat("compare", "Hi", *models(GONE, "nobody/either"))
    assert done.code == 9
    assert "404" in done.out


def test_the_table_has_a_model_a_column_and_marks_the_best(simulator, groqchat):
    done = groqchat("compare", "Hi", *models(A, B), "--no-save", piped=b"First this.")
    head, *rows = done.out.split("\n\n")[-1].splitlines()
    assert head.split() == [A, B]
    cost = next(row for row in rows if row.startswith("cost"))
    assert cost.index("★") > cost.index("$")  # B is the cheaper one
    assert "First this." in done.out
    assert groqchat("sessions", "list", "--json").json == []


def test_markdown_is_a_document(simulator, groqchat):
    done = groqchat("compare", "Hi\nthere", *models(A, GONE), "--markdown")
    assert done.out.startswith(f"# Comparison\n\n> Hi\n> there\n\n|  | {A} | {GONE} |\n| --- |")
    assert f"\n## {A}\n\n" in done.out


def test_the_requests_leave_one_after_another(simulator, groqchat, groqchat_home):
    begun = f"{B}: begins in 1s, after the others"
    together = groqchat("compare", "Hi", *models(A, B))
    apart = groqchat("compare", "Hi", *models(A, B), "--gap", "0.4")
    assert (together.code, apart.code) == (0, 0)
    assert begun not in together.err
    assert begun in apart.err
    # What the chat was told to keep counts here too, unless it is said otherwise.
    groqchat_home.mkdir(exist_ok=True)
    (groqchat_home / "config.toml").write_text("compare_gap_s = 0.4\n")
    assert begun in groqchat("compare", "Hi", *models(A, B)).err
    assert begun not in groqchat("compare", "Hi", *models(A, B), "--gap", "0").err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["Hi"], "2 to 8 models"),
        (["Hi", *models(A)], "1 given"),
        (["Hi", *models(*"abcdefghi")], "9 given"),
        (["Hi", *models(A, A)], "named twice"),
        (models(A, B), "nothing to ask"),
    ],
)
def test_what_makes_no_sense_is_exit_2(groqchat, words, said):
    done = groqchat("compare", *words)
    assert done.code == 2
    assert said in done.err


def test_without_a_key_it_is_exit_3(groqchat):
    assert groqchat("compare", "Hi", *models(A, B)).code == 3


def test_the_budget_is_heeded(simulator, groqchat, groqchat_home):
    groqchat_home.mkdir(exist_ok=True)
    (groqchat_home / "config.toml").write_text('[budget]\nmonthly_usd = "0.00"\n')
    assert groqchat("compare", "Hi", *models(A, B)).code == 6
    assert groqchat("compare", "Hi", *models(A, B), "--over-budget").code == 0
