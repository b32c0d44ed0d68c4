"""The formats of secrets; every example is put together here and was never valid."""

import base64
import hashlib
import random
import re
import uuid
from pathlib import Path

import pytest

import groqchat
from groqchat.domain.text.redact import redact, secrets_in, without_keys
from groqchat.domain.text.secret_formats import secret_formats

CHANCE = random.Random(19)
DIGITS = "0123456789"
LOWER = "abcdefghijklmnopqrstuvwxyz" + DIGITS
UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
BOTH = LOWER + UPPER[:26]
HEX = "0123456789abcdef"


def some(kinds, length):
    return "".join(CHANCE.choice(kinds) for _ in range(length))


def lines(length):
    return "\n".join(some(BOTH + "+/", 64) for _ in range(length))


def pem(kind, text):
    dashes = "-" * 5
    return f"{dashes}BEGIN {kind}{dashes}\n{text}\n{dashes}END {kind}{dashes}"


def jwt():
    return ".".join(("ey" + "J" + some(BOTH, 20), "ey" + "J" + some(BOTH, 60), some(BOTH, 43)))


EXAMPLES = [
    ("an AWS access key", "AKIA", "AK" + "IA" + some(UPPER, 16)),
    (
        "an AWS secret key",
        "aws_secret_access_key",
        "aws_secret" + '_access_key = "' + some(BOTH + "/+", 40),
    ),
    ("a GitHub token", "ghp_", "gh" + "p_" + some(BOTH, 36)),
    ("a GitHub token", "ghs_", "gh" + "s_" + some(BOTH, 36)),
    ("a GitHub token", "github_pat_", "github" + "_pat_" + some(BOTH, 22) + "_" + some(BOTH, 59)),
    ("a GitLab token", "glpat-", "gl" + "pat-" + some(BOTH, 20)),
    ("a Slack token", "xoxb-", f"xo{'xb'}-{some(DIGITS, 12)}-{some(DIGITS, 12)}-{some(BOTH, 24)}"),
    ("a Slack token", "xapp-", f"xa{'pp'}-1-A{some(UPPER, 10)}-{some(DIGITS, 13)}-{some(HEX, 64)}"),
    (
        "a Slack webhook",
        "hooks.slack.com/",
        f"hooks.slack{'.com'}/services/T{some(UPPER, 9)}/B{some(UPPER, 9)}/{some(BOTH, 24)}",
    ),
    ("a Stripe key", "sk_live_", "sk" + "_live_0" + some(BOTH, 30)),
    ("a Google API key", "AIza", "AI" + "za" + some(BOTH + "-_", 34) + "x"),
    ("an OpenAI key", "sk-", "sk-proj-" + some(BOTH, 74) + "T3Blbk" + "FJ" + some(BOTH, 74)),
    ("an Anthropic key", "sk-ant-", "sk-" + "ant-api03-" + some(BOTH + "-_", 93) + "AA"),
    ("an API key", "sk-", "sk" + "-1" + some(HEX, 31)),
    ("an API key", "sk-", "sk" + "-or-v1-1" + some(HEX, 63)),
    ("an API key", "gsk_", "gs" + "k_" + some(BOTH, 52)),
    ("a Hugging Face token", "hf_", "h" + "f_" + some(BOTH, 34)),
    ("an npm token", "npm_", "np" + "m_" + some(BOTH, 36)),
    ("a PyPI token", "pypi-AgEI", "py" + "pi-AgEI" + some(BOTH + "-_", 150)),
    ("a SendGrid key", "SG.", "S" + "G." + some(BOTH, 22) + "." + some(BOTH, 43)),
    ("a signed token (JWT)", "eyJ", jwt()),
    ("a private key", "-----BEGIN", pem("PRIVATE KEY", lines(20))),
    ("a private key", "-----BEGIN", pem("OPENSSH PRIVATE KEY", lines(6))),
    (
        "a private key",
        "-----BEGIN",
        pem("RSA PRIVATE KEY", "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,0\n\n" + lines(13)),
    ),
    ("a private key", "-----BEGIN", pem("PRIVATE KEY", lines(3).replace("\n", "\\n"))),
    ("a private key", "-----BEGIN", pem("PRIVATE KEY", lines(4)).replace("\n", "\n+    ")),
]


@pytest.mark.parametrize(("kind", "begin", "secret"), EXAMPLES)
def test_a_secret_is_found_and_hidden_wherever_it_stands(kind, begin, secret):
    for before, behind in [("", ""), ("key: ", "\n"), ('{"a": "', '"}'), ("Is it `", "`, or not?")]:
        text = f"{before}{secret}{behind}"
        assert secrets_in(text) == (kind,)
        assert without_keys(text) == redact(text) == f"{before}{begin}…{behind}"
    assert secrets_in(f"{secret} {secret}") == (kind,)


def test_every_format_has_an_example_a_source_and_a_day():
    assert {kind for kind, _, _ in EXAMPLES} == {each.name for each in secret_formats()}
    for each in secret_formats():
        assert each.source
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", each.as_of)
        assert any(each.is_in(secret) for _, _, secret in EXAMPLES)


def test_several_kinds_are_named_each_once_and_a_key_of_groq_first():
    token, key = EXAMPLES[2][2], "gs" + "k_" + some(BOTH, 40)
    assert secrets_in(f"{token} {token} {key}") == ("an API key", "a GitHub token")


@pytest.mark.parametrize(
    "text",
    [
        "AK" + "IAIOSFODNN7EXAMPLE",
        "aws_secret" + "_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfi" + "CYEXAMPLEKEY",
        "aws_secret_access_key = os.environ['AWS_SECRET_ACCESS_KEY']",
        "ghp_" + "x" * 36,
        "ghp_" + "0123456789" * 2,
        "export GITHUB_TOKEN=ghp_your_token_goes_here_and_nowhere_else_please",
        "sk-" + "x" * 48,
        "sk_test_" + "x" * 24,
        "sk_live_is_the_beginning_of_a_key",
        ".sk-circle12 .sk-estimator-doc-link:hover { }",
        "npm_config_registry_and_other_variables_of_npm",
        "hf_hub_download(repo_id=repo, filename='model.safetensors')",
        "xoxb-your-bot-token-goes-here",
        "glpat-" + "x" * 20,
        "if line.startswith('" + "-" * 5 + "BEGIN RSA PRIVATE KEY" + "-" * 5 + "'):",
        pem("PRIVATE KEY", "..."),
        pem("PUBLIC KEY", lines(6)),
        pem("CERTIFICATE", lines(20)),
        "ey" + "J" + some(BOTH, 200),
        "data:image/png;base64," + base64.b64encode(CHANCE.randbytes(3000)).decode(),
    ],
)
def test_placeholders_names_and_public_keys_are_no_secrets(text):
    assert secrets_in(text) == ()
    assert without_keys(text) == text


def test_hashes_uuids_and_base64_are_no_secrets():
    for _ in range(300):
        data = CHANCE.randbytes(48)
        plain = [
            str(uuid.UUID(bytes=data[:16])),
            hashlib.sha1(data).hexdigest(),
            f"sha512-{base64.b64encode(hashlib.sha512(data).digest()).decode()}",
            base64.urlsafe_b64encode(data).decode(),
            f"ssh-ed25519 {base64.b64encode(data).decode()} me@here",
        ]
        assert secrets_in(" ".join(plain)) == ()


def test_code_and_prose_hold_no_secrets():
    root = Path(groqchat.__file__).parent
    texts = [*root.rglob("*.py"), *root.rglob("*.md")]
    texts += (Path(__file__).parents[1] / "turns/token_samples").glob("*.txt")
    texts += [Path(module.__file__) for module in (base64, hashlib, random, re, uuid)]
    texts += Path(base64.__file__).parent.glob("s*.py")
    found = {path: kinds for path in texts if (kinds := secrets_in(path.read_text("utf-8")))}
    assert {path.name for path in found} <= {"launch.py"}  # the key of the demo


@pytest.mark.parametrize(
    "part",
    [
        "-" * 5 + "BEGIN PRIVATE KEY" + "-" * 5,
        "-" * 5 + "BEGIN PRIVATE KEY" + "-" * 5 + "\n" + "a, " * 1000,
        "ey" + "J" + "a" * 3000 + ".",
        "sk-" + "a" * 5000,
        "xoxb" + "-a" * 3000,
    ],
    ids=["headers", "keys", "tokens", "letters", "hyphens"],
)
def test_no_text_makes_a_pattern_go_back_and_forth(part):
    """A pattern that did would not end while one waits."""
    assert secrets_in(part * 100) == ()


def test_a_short_text_is_told_without_reading_the_formats(monkeypatch):
    monkeypatch.setattr("groqchat.domain.text.secret_formats.secret_formats", lambda: 1 / 0)
    assert without_keys("Nothing but words of openai/gpt-oss-120b.") == (
        "Nothing but words of openai/gpt-oss-120b."
    )
    assert secrets_in("") == ()
