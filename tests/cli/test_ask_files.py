"""Files of ``ask -f``: web pages, and what is sent of a file that is too long for one request."""

import http.server
import json
import re
import threading
from pathlib import Path

import pytest

from groqchat.cli.asking.files import LongFiles
from groqchat.cli.exit_codes import ExitCode
from groqchat.domain.models.catalog import Plan
from groqchat.services.turns.oversized import Oversized
from groqchat.simulator import chat
from groqchat.simulator.background import BackgroundSimulator
from groqchat.simulator.exchange import RefusedError, json_reply
from groqchat.simulator.options import Options
from groqchat.storage.catalog import load_catalog
from tests.cli.conftest import KEY
from tests.cli.test_room import spoken
from tests.images import image, png

LINE = "A line of some ordinary words, one like the other."


@pytest.fixture
def simulator(monkeypatch, request):
    """The free plan, on which no request has more than 8,000 tokens, or another one."""
    models, plan = load_catalog().models.values(), getattr(request, "param", Plan.FREE)
    with BackgroundSimulator(models, Options(plan, rate=0)) as running:
        monkeypatch.setenv("GROQ_BASE_URL", running.url)
        monkeypatch.setenv("GROQ_API_KEY", KEY)
        yield running.simulator


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / "big.txt").write_text(f"{LINE}\n" * 2_000)
    (tmp_path / "three.txt").write_text("".join(f"{n}: {LINE}\n" for n in range(100)))
    monkeypatch.chdir(tmp_path)


def test_the_error_of_a_file_that_never_fits_tells_the_ways_and_the_first_part_is_sent(
    simulator, groqchat, folder, asked
):
    refused = groqchat("ask", "Sum up", "-f", "big.txt")
    assert refused.code == ExitCode.LIMITED
    told = " ".join(refused.err.split())
    offer = re.search(
        r"--part first sends lines 1–(\d+) of 2,000 \(≈ ([\d,]+) tokens, ≈ \$0\.0\d+\)", told
    )
    assert 0.6 * 8_000 < int(offer[2].replace(",", "")) <= 0.8 * 8_000
    assert re.search(r"--part all asks part by part in \d+ requests \(≈ [\d,]+ tokens, ≈ \$0", told)
    first = groqchat("ask", "Sum up", "-f", "big.txt", "--part", "first")
    assert first.code == ExitCode.DONE
    assert spoken(asked[-1])[-1].count(LINE) == int(offer[1])


@pytest.mark.parametrize("simulator", [Plan.DEVELOPER], indirect=True)  # no wait for the minute
@pytest.mark.parametrize("fault", ["too_large_html*1", "context_length*1"])
def test_a_file_that_the_server_alone_refuses_has_the_same_ways(simulator, groqchat, folder, fault):
    """It seemed to fit, and the server does not say what would."""
    Path("small.txt").write_text(f"{LINE}\n" * 240)
    simulator.arm(fault)
    refused = groqchat("ask", "Sum up", "-f", "small.txt")
    assert refused.code == ExitCode.LIMITED
    told = " ".join(refused.err.split())
    assert re.search(r"small.txt: --part first sends lines 1–\d+ of 240 ", told)
    requests = int(re.search(r"--part all asks part by part in (\d+) requests", told)[1])
    simulator.arm(fault)
    done = groqchat("ask", "Sum up", "-f", "small.txt", "--part", "all")
    assert done.code == ExitCode.DONE
    parts = requests - 1  # the last one joins the answers
    assert f"part {parts} of {parts}" in done.err


def test_a_page_that_is_not_reached_is_no_wrong_usage(simulator, groqchat, free_port):
    for option in ("-f", "--image"):
        done = groqchat("ask", "Hi", option, f"http://127.0.0.1:{free_port}/", "--json")
        assert done.code == ExitCode.UNREACHABLE
        assert done.json["error"]["kind"] == "unreachable"
        assert f"127.0.0.1:{free_port}/ cannot be fetched" in done.json["error"]["message"]


def test_a_first_line_that_is_too_long_leaves_the_parts(simulator, groqchat, folder):
    Path("one.txt").write_text(f"{LINE} " * 4_000)
    refused = groqchat("ask", "Sum up", "-f", "one.txt", "--part", "first")
    assert refused.code == ExitCode.USAGE
    told = " ".join(refused.err.split())
    assert "there is no room for the first line of one.txt; --part all asks part by part" in told


def test_lines_of_ones_choice_are_sent_whatever_the_length(simulator, groqchat, folder, asked):
    assert groqchat("ask", "Sum up", "-f", "three.txt", "--part", "10-12").code == ExitCode.DONE
    (prompt,) = spoken(asked[-1])
    assert prompt.startswith(f"three.txt:10-12:\n```\n9: {LINE}\n10: ")
    assert prompt.count(LINE) == 3


def test_a_file_is_asked_part_by_part_and_what_was_paid_is_not_asked_again(
    simulator, groqchat, folder, asked, monkeypatch
):
    async def found(self, prompt, *_):
        preview = await self.connection.turns.preview(None, self.options)
        price = self.connection.models.price_of(self.options.model)
        return Oversized(prompt, self.files[0], preview, 1_000, 800, price)

    monkeypatch.setattr(LongFiles, "found", found)
    whole = "ask", "Which line? write 20 tokens", "-f", "three.txt", "--part", "all"
    read = chat.read_chat

    def second_refused(body, world):
        taken = read(body, world)
        if len(asked) == 2:
            raise RefusedError(json_reply({"error": {"message": "no such model"}}, 404))
        return taken

    monkeypatch.setattr(chat, "read_chat", second_refused)
    stopped = groqchat(*whole)
    assert "the notes on 1 of the parts are kept" in " ".join(stopped.err.split())
    assert (stopped.out, len(asked)) == ("", 2)
    done = groqchat(*whole, "-c", "--json")
    answer = json.loads(done.out)
    requests = int(re.search(r"part by part in (\d+) requests", done.err)[1])
    assert len(asked) == 1 + requests  # one was refused, one was kept
    joined = spoken(asked[-1])[-1]
    assert joined.startswith("Which line? write 20 tokens\n\nthree.txt was too long")
    assert joined.count("Part ") == requests - 1
    assert float(answer["turn_cost_usd"]) > float(answer["cost_usd"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            ("-f", "three.txt", "--part", "half"),
            "half is no part: write first, all, or lines",
        ),
        (("--part", "all"), "--part all is about a file: name it with -f"),
        (("-f", "three.txt", "-f", "big.txt", "--part", "1-2"), "is about one file; here are 2"),
        (("-f", "three.txt", "--part", "300-310"), "three.txt has 100 lines"),
        (("-f", "three.txt", "--part", "9-3"), "write the lower line first: 3-9"),
    ],
)
def test_a_part_that_means_nothing_is_refused(groqchat, folder, options, words):
    refused = groqchat("ask", "Sum up", *options)
    assert refused.code == ExitCode.USAGE
    assert words in " ".join(refused.err.split())


def test_files_are_found_by_patterns_that_the_shell_has_left(
    simulator, groqchat, tmp_path, monkeypatch, asked
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sub").mkdir()
    for name in ("b.md", "a.md", "x[1].md", "sub/a.md", "sub/c.txt"):
        (tmp_path / name).write_text(f"text of {name}")

    def heads(*words):
        assert groqchat("ask", "Hi", *words).code == ExitCode.DONE
        return re.findall(r"^(\S+):$", spoken(asked[-1])[-1], re.MULTILINE)

    assert heads("-f", "[ab].md", "-f", "sub/c.txt", "-f", "a.md") == ["a.md", "b.md", "c.txt"]
    assert heads("-f", "x[1].md") == ["x[1].md"]
    assert heads("-f", "**/a.md") == ["a.md", "sub/a.md"]
    assert heads("-f", str(tmp_path / "?.md")) == ["a.md", "b.md"]
    for word, said in (("*.rs", "no file matches *.rs"), ("-", "-f -: piped input is added")):
        refused = groqchat("ask", "Hi", "-f", word)
        assert refused.code == ExitCode.USAGE
        assert said in refused.err
    two = groqchat("ask", "Hi", "-f", "[ab].md", "--part", "1-2")
    assert "is about one file; here are 2" in two.err


PAGES = {
    "/notes": ("text/html", b"<html><body><h1>Notes</h1><p>Tea at four.</p></body></html>"),
    "/the%20sign.png": ("application/octet-stream", png()),
}


class Pages(http.server.BaseHTTPRequestHandler):
    """Serves one page, and nothing else."""

    def do_GET(self):
        kind, content = PAGES.get(self.path, ("text/html", b"<p>No."))
        self.send_response(200 if self.path in PAGES else 404)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_):
        pass


@pytest.fixture
def site():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_image_is_sent_by_its_address(simulator, groqchat, asked, site):
    eyes = "qwen/qwen3.8-27b"
    done = groqchat("ask", "What?", "--image", f"{site}/the%20sign.png", "-m", eyes, "--usage")
    assert done.code == 0
    assert asked[-1]["messages"][-1]["content"][1]["image_url"] == {"url": image().data_url}
    assert done.err.startswith("groqchat: the sign.png 4×3: 2,048 tokens.\n")


def test_the_text_of_a_page_is_added_by_its_address(simulator, groqchat, asked, site):
    assert groqchat("ask", "When?", "-f", f"{site}/notes").code == ExitCode.DONE
    (prompt,) = spoken(asked[-1])
    assert prompt.startswith(f"{site}/notes:\n```\n")
    assert "Tea at four." in prompt
    missing = groqchat("ask", "When?", "-f", f"{site}/none")
    assert (missing.code, len(asked)) == (ExitCode.USAGE, 1)
    assert f"{site}/none" in missing.err
