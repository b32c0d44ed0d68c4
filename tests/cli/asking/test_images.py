"""``ask --image``: sent, counted, kept, exported and imported; refused where no model sees."""

import json

from tests.images import image, png

EYES = "qwen/qwen3.8-27b"


def test_an_image_is_sent_again_exported_and_imported(simulator, groqchat, tmp_path, monkeypatch):
    path = tmp_path / "sign.png"
    path.write_bytes(png())
    first = groqchat("ask", "What does it say?", "--image", path, "-m", EYES, "--json")
    assert (first.code, first.err) == (0, "groqchat: sign.png 4×3: 2,048 tokens.\n")
    answered = first.json
    assert answered["usage"]["prompt_tokens"] > 2_048
    again = groqchat("ask", "-c", "And below?", "--json").json
    assert again["usage"]["prompt_tokens"] > answered["usage"]["prompt_tokens"]
    blind = groqchat("ask", "-c", "And now?", "-m", "openai/gpt-oss-20b", "--json").json
    assert blind["usage"]["prompt_tokens"] < 2_048

    def export(*options):
        return groqchat("sessions", "export", answered["session_id"], *options).out

    url = image().data_url
    assert f"![sign.png 4×3]({url})" in export("--format", "markdown")
    assert f'<img alt="sign.png 4×3" src="{url}">' in export("--format", "html")
    said = json.loads(export("--format", "jsonl", "--openai"))["messages"][0]["content"]
    assert said[1] == {"type": "image_url", "image_url": {"url": url}}
    whole = export("--format", "json")
    assert json.loads(whole)["title"] == "What does it say?"
    monkeypatch.setenv("HOME", str(tmp_path / "other"))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "other" / name))
    (tmp_path / "talk.json").write_text(whole)
    assert groqchat("sessions", "import", tmp_path / "talk.json").code == 0
    assert export("--format", "json") == whole


def test_what_cannot_be_sent_is_refused_before(simulator, groqchat, tmp_path):
    path = tmp_path / "sign.png"
    path.write_bytes(png())
    blind = groqchat("ask", "Look", "--image", path, "-m", "openai/gpt-oss-20b")
    assert blind.code == 2
    assert f"does not see images; choose one that does: --model {EYES}" in blind.err
    assert groqchat("ask", "Look", "--file", path).err.endswith(f"--image {path} adds an image\n")
    many = groqchat("ask", "Look", *["--image", path] * 4, "-m", EYES)
    assert (many.code, many.err) == (
        2, "groqchat: --image: 4 images are too many; one request takes 3\n"
    )  # fmt: skip
    assert groqchat("ask", "Look", "--image", tmp_path / "no.png", "-m", EYES).code == 2
    assert groqchat("ask", "Look", "--image", __file__, "-m", EYES).code == 2
    text = groqchat("ask", "Look", "--image", "http://127.0.0.1:9/x", "-m", EYES)
    assert text.code == 7
    assert text.err.startswith("groqchat: http://127.0.0.1:9/x cannot be fetched:")


def test_images_without_a_text_are_described(simulator, groqchat, tmp_path):
    path = tmp_path / "sign.png"
    path.write_bytes(png())
    asked = groqchat("ask", "--image", path, "-m", EYES, "--json")
    assert asked.code == 0
    assert asked.err.startswith("groqchat: no prompt was written; it is “Describe what is shown.”")
    shown = groqchat("sessions", "export", asked.json["session_id"]).out
    assert "Describe what is shown." in shown
    assert groqchat("ask", "-m", EYES).code == 2


def test_comparisons_and_sets_ask_about_images(developer, groqchat, tmp_path, asked):
    (tmp_path / "sign.png").write_bytes(png())
    blind = "openai/gpt-oss-20b"
    both = ("-m", EYES, "-m", blind)
    compared = groqchat("compare", "Look", "--image", tmp_path / "sign.png", *both, "--json")
    assert compared.code == 0
    assert f"{blind}: sees no images, and is told their names alone" in compared.err
    seen, unseen = (each["usage"]["prompt_tokens"] for each in compared.json["results"])
    assert seen > 2_048 > unseen
    rows = [{"prompt": "Look", "image": "sign.png", "judge": "It is true."}, {"prompt": "And?"}]
    path = tmp_path / "prompts.jsonl"
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    done = groqchat("compare", "--file", path, "-m", EYES, "--judge", EYES, "--json")
    assert done.code == 0
    assert done.json["models"][0]["prompt_tokens"] > 2_048
    judged = asked[-1]["messages"][-1]["content"]
    assert "[▣ sign.png" in judged  # a judge reads the name of an image, and gets none
    rows[0]["image"] = "no.png"
    path.write_text(json.dumps(rows[0]))
    missed = groqchat("compare", "--file", path, "-m", EYES)
    assert missed.code == 2
    assert "line 1: cannot read the image no.png: No such file" in missed.err


def test_a_name_that_the_chat_would_attach_is_said_to_be_text_here(simulator, groqchat, tmp_path):
    path = tmp_path / "sign.png"
    path.write_bytes(png())
    said = groqchat("ask", f"What is @{path} and @nothing.png", "-m", EYES)
    assert said.code == 0
    assert f"@{path} is sent as it is written; --file or --image attaches it" in said.err
    assert "@nothing.png" not in said.err
