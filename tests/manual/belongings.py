"""The files that the examples name, as their reader has them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess

from PIL import Image

from tests.manual.examples import ROOT
from tests.media.sounds import encoded, tone, wav

SAMPLES = ROOT / "tests" / "samples"
# The sessions with the ids that the examples name.
TALKS = (
    ("1m82pjvd", "What is a limit?", "A limit per day refills steadily; the cache counts not."),
    ("1m82pjw0", "What is a token?", "About four characters."),
)
TEXTS = {
    "notes.md": "# People\n\nAda is 36, Boris 41.\n",
    "notes.txt": "Ada came, Boris did not.\n",
    "minutes.txt": "The tests have passed. We meet again on Monday.\n",
    "main.rs": 'fn main() { println!("Hi"); }\n',
    "build.log": "".join(
        f"step {n}: compiled module {n * 7919 % 10_007} in {n % 97} ms\n" for n in range(9_000)
    ),
    "prompts.txt": "Name a prime.\nName a colour.\n",
    "prompts.csv": "id,prompt,contains\nfr,Capital of France?,Paris\n",
    "prompts.jsonl": '{"prompt": "write 9 tokens, end with Paris", "contains": "Paris"}\n',
    "questions.txt": "Name a prime.\nName a colour.\n",
    "questions.jsonl": '{"question": "Capital of Peru?", "answer": "Lima"}\n',
    "questions.csv": "question,answer\nCapital of Peru?,Lima\n",
    "promptfooconfig.yaml": (
        "prompts: ['Capital of {{country}}?']\nproviders: ['groq:openai/gpt-oss-20b']\n"
        "tests:\n- vars: {country: Peru}\n  assert: [{type: contains, value: Lima}]\n"
    ),
    "requests.jsonl": json.dumps(
        {
            "custom_id": "one",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {
                "model": "openai/gpt-oss-20b",
                "messages": [{"role": "user", "content": "Name a prime."}],
            },
        }
    )
    + "\n",
    "urls.txt": "https://example.org/talk.mp3\n",
    "talk.json": json.dumps([{"role": "user", "content": "Hi"}]),
    "old.jsonl": json.dumps({"title": "Old", "messages": [{"role": "user", "content": "Hi"}]})
    + "\n",
    "talks.jsonl": "".join(
        json.dumps(
            {
                "id": name,
                "title": prompt,
                "messages": [
                    {"role": "user", "content": prompt},
                    {"role": "assistant", "content": answer, "model": "openai/gpt-oss-20b"},
                ],
            }
        )
        + "\n"
        for name, prompt, answer in TALKS
    ),
}
_SOUNDS = {
    "meeting.mp3": ("libmp3lame", None),
    "talk.m4a": ("aac", "ipod"),
    "interview.ogg": ("libopus", None),
}
_REVIEW = "---\ndescription: A review\n---\nReview this {{language=Python}} code:\n\n{{input}}\n"


def lay_out(folder):
    """Write them all into a folder, which is a git repository with a change in it."""
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    wav(folder / "talk.wav", tone(3))
    for name, (codec, form) in _SOUNDS.items():
        encoded(folder / name, codec, tone(3), form=form)
    Image.new("RGB", (64, 48), "orange").save(folder / "sign.jpg")
    shutil.copy(SAMPLES / "chatgpt-export.zip", folder)
    author = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    for words in (
        ("init", "-q", "--template="),
        ("add", "main.rs"),
        ("commit", "-q", "-m", "First"),
    ):
        git = ["git", *author, *words]
        subprocess.run(git, cwd=folder, check=True, env={**os.environ, "HOME": str(folder)})
    (folder / "main.rs").write_text('fn main() { println!("Hello"); }\n')


def move_in(home):
    """Put into a home what other programs keep there, and templates of prompts."""
    for source, target in (
        ("elia-1.10.0.sqlite", ".local/share/elia/elia.sqlite"),
        ("oterm-0.26.1-store.db", ".local/share/oterm/store.db"),
        ("parllama-0.10.1-chat.json", ".local/share/parllama/chats/chat.json"),
        ("llm-0.36-logs.db", ".config/io.datasette.llm/logs.db"),
    ):
        file = home / target
        file.parent.mkdir(parents=True)
        shutil.copy(SAMPLES / source, file)
