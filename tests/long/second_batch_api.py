"""Kills submissions of batches at random moments, at a Batch API that nobody here wrote.

The package ``llmock`` (0.2.2) has one of Groq's form. In an environment of its own::

    llmock serve --port 18995 --error-rate 503=0.15 > server.log
    python -m tests.long.second_batch_api http://127.0.0.1:18995/groq

Each of ten files is submitted, killed, and submitted once more. In the end ten batches are known
here, all completed, and every line is booked once; the server's log has ten times
``POST /groq/openai/v1/batches`` with 200.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS, LINES = 10, 20
GROQCHAT = [sys.executable, "-m", "groqchat"]


def main(url):
    home = Path(tempfile.mkdtemp())
    own = {"GROQCHAT_HOME": str(home), "GROQ_BASE_URL": url, "GROQ_API_KEY": "gsk_test_0123456789"}
    environment = os.environ | own
    chance = random.Random(1)
    for number in range(RUNS):
        path = home / f"prompts{number}.txt"
        path.write_text("".join(f"Run {number}, line {line}?\n" for line in range(LINES)))
        submit = [*GROQCHAT, "batch", "submit", str(path), "-m", "openai/gpt-oss-20b", "--wait"]
        killed = subprocess.Popen(submit, env=environment, stdout=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.5, 3))
        killed.kill()
        killed.wait()
        done = subprocess.run([*submit, "--json"], env=environment, capture_output=True, check=True)
        assert json.loads(done.stdout)["request_counts"]["completed"] == LINES
    submissions = told(environment, "batch", "list", "--json")
    assert len(submissions) == len({submission["id"] for submission in submissions}) == RUNS
    usage = told(environment, "usage", "--json")
    assert usage["requests"] == RUNS * LINES
    print(f"{RUNS} batches, {usage['requests']} lines booked, {usage['cost_usd']} dollars")


def told(environment, *words):
    """What a command prints as JSON."""
    done = subprocess.run([*GROQCHAT, *words], env=environment, capture_output=True, check=True)
    return json.loads(done.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
