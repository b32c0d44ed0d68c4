from __future__ import annotations

import argparse
import signal
import subprocess
import sys

import httpx
import pytest

from groqchat.cli import simulate
from groqchat.cli.exit_codes import ExitCode
from groqchat.simulator.faults.faults import FAULTS

from .conftest import KEY, body

START = (
    "import argparse, sys; from groqchat.cli import simulate;"
    "parser = argparse.ArgumentParser(); simulate.add_arguments(parser);"
    "sys.exit(simulate.run(parser.parse_args()))"
)


def parse(*words):
    parser = argparse.ArgumentParser()
    simulate.add_arguments(parser)
    return parser.parse_args(words)


def test_it_serves_until_ctrl_c():
    with subprocess.Popen(
        [sys.executable, "-c", START, "--rate", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        first = process.stdout.readline()
        assert first.startswith("GROQ_BASE_URL=http://127.0.0.1:")
        url = first.strip().partition("=")[2]
        reply = httpx.post(
            f"{url}/openai/v1/chat/completions",
            json=body(),
            headers={"authorization": f"Bearer {KEY}"},
        )
        process.send_signal(signal.SIGINT)
        rest, narration = process.communicate(timeout=20)
    assert reply.status_code == 200
    assert process.returncode == ExitCode.DONE
    assert rest == ""
    assert "POST /openai/v1/chat/completions → 200" in narration
    assert "Traceback" not in narration


async def test_a_taken_port_is_said_in_a_sentence(sim, capsys):
    import asyncio

    port = sim.url.rpartition(":")[2]
    code = await asyncio.to_thread(simulate.run, parse("--port", port))
    told = capsys.readouterr()
    assert code == ExitCode.MACHINE
    assert told.out == ""
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use." in told.err


def test_the_faults_are_listed(capsys):
    assert simulate.run(parse("--fault", "help")) == ExitCode.DONE
    assert len(capsys.readouterr().out.splitlines()) == len(FAULTS)


def test_a_wrong_fault_is_wrong_usage(capsys):
    assert simulate.run(parse("--fault", "cutt")) == ExitCode.USAGE
    assert "the nearest is 'cut'" in capsys.readouterr().err


@pytest.mark.parametrize("words", [("--port", "99999"), ("--rate", "-1"), ("--rate", "fast")])
def test_a_wrong_number_is_wrong_usage(words, capsys):
    with pytest.raises(SystemExit) as ended:
        parse(*words)
    assert ended.value.code == ExitCode.USAGE
    assert repr(words[1]) in capsys.readouterr().err
