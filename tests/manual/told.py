"""What each command of the documents is told to do: a table that knows all of them.

A command that is not here fails the tests, and so does a row that no document has any more.
"""

from __future__ import annotations

from dataclasses import dataclass

from tests.mcp.conftest import HOSTILE

ELSEWHERE = {
    "groqchat sessions": "it names a group of commands, each of which is pasted",
    "groqchat mcp": "it names a group of commands, each of which is pasted",
    "groqchat batch": "it names a group of commands, each of which is pasted",
    "pass groq/{profile}": "it is a value of key_command, see tests/services/account",
    "python -m tests.benchmarks startup ask sending answers sets importing resizing keys listing "
    "growth": "it takes ten minutes; tests/benchmarks has its own tests",
    "python -m tests.benchmarks tokens": "it needs a vocabulary of 74 MB",
    "python -m tests.benchmarks parts": "it takes minutes",
    "python -m tests.benchmarks team": "it takes minutes, see tests/team/scale",
    "python3 -m venv .venv && .venv/bin/pip install -q -c constraints.txt -e '.[dev,openai]' && "
    ".venv/bin/pytest": "it is what runs these tests, by .ci/run",
}
"""What is not pasted here, with the reason why."""

# What stands in an example for something of the reader's own.
IN_PLACE = {
    "job_1m82pjvd": '"$JOB"',
    "1c8e02f7": "$(groqchat team runs --json | jq -r '.[0].run')",
}


@dataclass(frozen=True)
class Told:
    """What a command does.

    Attributes:
        out: A pattern in what it prints.
        err: One in what it says on stderr.
        code: Its exit code.
        first: What was done before, in the same shell.
        file: A file that is there afterwards, and not empty; what it has is matched by ``out``
            where the command prints nothing.
        plan: The plan of the account.
        key: Whether the key is in the environment; else it is in the keyring, or nowhere.
        terminal: At a terminal: what has to stand there, and the keys that are pressed then.
    """

    out: str = ""
    err: str = ""
    code: int = 0
    first: str = ""
    file: str = ""
    plan: str = "free"
    key: bool = True
    terminal: tuple[tuple[str, str], ...] = ()


TALKS = "groqchat sessions import talks.jsonl"
ASKED = "groqchat ask Hi"
TEMPLATES = (
    "mkdir -p ~/.config/groqchat/prompts/system; P=~/.config/groqchat/prompts/review.md;"
    "printf 'Review this {{language=Python}} code:\\n' > $P"
)
WITH_INPUT = f"{TEMPLATES}; echo '{{{{input}}}}' >> $P"
PRESET = (
    'mkdir -p ~/.config/groqchat; printf \'[presets]\\nefforts = ["20b effort=low",'
    ' "20b effort=high"]\\n\' > ~/.config/groqchat/config.toml'
)
STORED = "echo $GROQ_API_KEY | groqchat key add --stdin; unset GROQ_API_KEY"
WORK = "echo $GROQ_API_KEY | groqchat key add --stdin --profile work; unset GROQ_API_KEY"
LATER = "curl -s $GROQ_BASE_URL/simulator/clock -d '{\"advance\": 90000}'"
SUBMITTED = "JOB=$(groqchat batch submit prompts.txt -m 20b)"
ENDED = f"{SUBMITTED}; {LATER}"
PROMPT_LEFT = "rm prompts.jsonl"
RESULTS = "compare --file prompts.jsonl -m openai/gpt-oss-20b"
TIME = "groqchat mcp add time -- uvx mcp-server-time"
DOCS = "groqchat mcp add docs --url https://example.org/mcp"
FILES = f"groqchat mcp add files -- python3 -S {HOSTILE} plain"
CLOCK = r'"timezone": "{}"'
ENDS = ("Enter send", "\x11")
GPT = r"openai/gpt-oss-120b"

TOLD = {
    # README
    'git diff | groqchat ask "Review this" --usage': Told(
        r"\w", rf"{GPT} · .* tok/s .* cost \$0\.0"
    ),
    'groqchat compare "What is a rate limit?" -m 20b -m 120b': Told(r"first token"),
    "groqchat key check": Told(r"valid: The key works", first=STORED),
    "groqchat quota -m 120b": Told(r"TPD +[\d,]+ +200,000", first="groqchat ask Hi; sleep 0"),
    "groqchat doctor": Told(r"✓ versions +groqchat"),
    "groqchat help": Told(r"(?m)^limits +limits, estimates"),
    "groqchat help team": Told(r"^# A team"),
    "groqchat help limits": Told(r"^# Limits and cost"),
    "groqchat": Told(terminal=(ENDS,)),
    "groqchat --demo": Told(key=False, terminal=(("Enter send", "Hi\r"), ("tok/s", "\x11"))),
    ".venv/bin/groqchat": Told(
        key=False,
        first="mkdir .venv && ln -s $(dirname $(command -v python))/ .venv/bin",
        terminal=(("Paste it here", "\x1b"), ENDS),
    ),
    "groqchat --plain": Told(
        terminal=(
            ("Type a prompt", "What is a monad?\r"),
            ("tok/s", "\x04"),
        )
    ),
    "groqchat --incognito": Told(terminal=(("ncognito", "\x11"),)),
    # ask
    'groqchat ask "What is a monad?"': Told(r"What is a monad\?"),
    'groqchat ask -c "And shorter?" --json | jq .cost_usd': Told(r'^"0\.0\d+"$', first=ASKED),
    'groqchat ask -c "And now?" --compact oldest': Told(r"And now\?", first=ASKED),
    'groqchat ask -c "And in Haskell?"': Told(r"Haskell", first=ASKED),
    'groqchat ask -c "And in Rust?" --compact oldest': Told(r"Rust", first=ASKED),
    "groqchat ask --template review --var language=Rust < main.rs": Told(r"Rust", first=TEMPLATES),
    "groqchat ask -f notes.md \"Who is who?\" --schema 'people {name, age int?}[]'": Told(
        r'^\{\s*"people": \['
    ),
    "groqchat ask \"Who is who?\" -f notes.md --schema 'people {name, age int?}[]'": Told(
        r'^\{\s*"people": \['
    ),
    'groqchat ask -f build.log "What went wrong?" --part all': Told(
        r"\w", r"part by part in 4 requests", plan="developer"
    ),
    'groqchat ask "What went wrong?" -f build.log --part all': Told(
        r"\w", r"part by part in 4 requests", plan="developer"
    ),
    "groqchat ask \"What differs?\" -f '*.md' -f notes.txt --quiet": Told(r"Boris did not"),
    'groqchat ask "What is a monad?" --jsonl': Told(r'^\{"event": "start", "version": 1'),
    'git diff | groqchat ask "Review this"': Told(r"\w"),
    'git diff | groqchat ask "Review this" -m openai/gpt-oss-120b --usage': Told(r"\w", GPT),
    'groqchat ask "What does it say?" --image sign.jpg -m qwen/qwen3.8-27b': Told(
        r"sent 1 image", r"sign.jpg 64×48: 2,048 tokens"
    ),
    'groqchat ask "What does it say?" --image sign.jpg -m qwen': Told(r"sent 1 image"),
    'groqchat ask "What is new in Rust?" --tool browser_search': Told(r"【1", r"browser.search"),
    'groqchat ask "Summarise these" -f notes.md -f minutes.txt --json | jq .cost_usd': Told(
        r'^"0\.0\d+"$'
    ),
    # compare, sets
    'groqchat compare "Hi" -m openai/gpt-oss-20b -m openai/gpt-oss-120b': Told(
        r"(?s)first token .*speed .*tok/s.*cost .*\$0"
    ),
    "groqchat compare \"Hi\" -m 'gpt-oss-20b effort=low' -m 'gpt-oss-20b effort=high'": Told(
        r"(?m)gpt-oss-20b effort=low +.*gpt-oss-20b effort=high$"
    ),
    'groqchat compare "What is a monad?" -m openai/gpt-oss-120b -m openai/gpt-oss-20b': Told(
        r"first token"
    ),
    "groqchat compare \"Why?\" -m 'openai/gpt-oss-20b effort=low' "
    "-m 'openai/gpt-oss-20b effort=high'": Told(r"effort=high"),
    'git diff | groqchat compare "Review this" -m openai/gpt-oss-20b -m qwen/qwen3.8-27b '
    "--markdown": Told(r"(?s)^# Comparison.*\| +\| openai/gpt-oss-20b \| qwen"),
    'groqchat compare "Hi" -m openai/gpt-oss-20b -m openai/gpt-oss-120b --json | '
    "jq '.results[].cost_usd'": Told(r'^"0\.0\d+"\n"0\.0\d+"$'),
    "groqchat compare --file prompts.jsonl -m openai/gpt-oss-20b -m openai/gpt-oss-120b "
    "--html report.html": Told(r"checks passed +1/1 +1/1", file="report.html"),
    "groqchat compare --file prompts.jsonl -m openai/gpt-oss-120b --batch": Told(
        r"not answered yet +1", r"The same command collects", plan="developer"
    ),
    "groqchat compare --file prompts.jsonl -m openai/gpt-oss-20b --batch": Told(
        r"checks passed +1/1",
        plan="developer",
        first=f"groqchat {RESULTS} --batch; {LATER}",
    ),
    "groqchat compare --file prompts.jsonl -m 120b --min-pass 0.9 --junit junit.xml": Told(
        r"checks passed", r"Gate passed", file="junit.xml"
    ),
    "groqchat compare --file prompts.jsonl -m openai/gpt-oss-20b --min-pass 0.9 "
    "--junit junit.xml": Told(
        r"checks passed +0/1",
        r"(?i)gate missed",
        code=11,
        first='sed -i s/Paris\\"}/London\\"}/ prompts.jsonl',
    ),
    "groqchat compare --file prompts.jsonl -m openai/gpt-oss-20b -m openai/gpt-oss-120b "
    "--budget 0.50": Told(r"checks passed", r"Estimated cost"),
    "groqchat compare --file prompts.jsonl -m @efforts --runs 3": Told(
        r"answers +3 +3", first=PRESET
    ),
    "groqchat compare --file prompts.jsonl --report --html report.html": Told(
        r"checks passed", file="report.html", first=f"groqchat {RESULTS}"
    ),
    "groqchat compare --file prompts.jsonl -m openai/gpt-oss-20b --json > report.json": Told(
        r'"gate": null|"prompts"|"results"', file="report.json"
    ),
    "groqchat compare --file prompts.jsonl -m openai/gpt-oss-20b --min-pass 0.9 "
    "--baseline report.json --max-regression 2% --junit junit.xml": Told(
        r"checks passed",
        r"Gate passed",
        file="junit.xml",
        first=f"groqchat {RESULTS} --json > report.json",
    ),
    "groqchat sets import promptfooconfig.yaml -o prompts.jsonl": Told(
        r'"contains": "Lima"', first=PROMPT_LEFT, file="prompts.jsonl"
    ),
    "groqchat sets export prompts.jsonl -m 120b -o promptfoo.yaml": Told(
        r"groq:openai/gpt-oss-120b", file="promptfoo.yaml"
    ),
    "groqchat sets export prompts.jsonl -m openai/gpt-oss-20b -o promptfoo.yaml": Told(
        r"groq:openai/gpt-oss-20b", file="promptfoo.yaml"
    ),
    "groqchat sets import questions.jsonl --map question=prompt,answer=expected "
    "-o prompts.jsonl": Told(r'"contains": "Lima"', first=PROMPT_LEFT, file="prompts.jsonl"),
    "groqchat sets import questions.jsonl --map question=prompt,answer=expected": Told(
        r'"contains": "Lima"'
    ),
    "groqchat sets import questions.csv --map question=prompt,answer=expected": Told(
        r'"contains": "Lima"'
    ),
    "groqchat sets export prompts.csv --format jsonl": Told(r'"contains": "Paris"'),
    "groqchat leaderboard --tag code": Told(err="No votes yet"),
    "groqchat leaderboard": Told(err="No votes yet"),
    "groqchat leaderboard --json | jq -r '.models[0].model'": Told("^null$"),
    # keys
    "groqchat key add": Told(
        key=False, terminal=(("key", "gsk_test_0123456789abcdefgh9fQ2\r"), ("Stored gsk_…9fQ2", ""))
    ),
    "groqchat key add --profile router": Told(
        key=False,
        first='mkdir -p ~/.config/groqchat; printf \'[endpoints.router]\\nbase_url = "%s"\\n'
        'model = "openai/gpt-oss-120b"\\n\' "$GROQ_BASE_URL/openai/v1" '
        "> ~/.config/groqchat/config.toml",
        terminal=(("key", "gsk_test_0123456789abcdefgh9fQ2\r"), ("as profile router", "")),
    ),
    "pass groq/api-key | groqchat key add --stdin --profile work": Told(
        r"Stored gsk_…0000 as profile work in", key=False
    ),
    "groqchat key use work": Told(r"work", first=f"{WORK}; pass groq/x | groqchat key add --stdin"),
    "groqchat key add --from-env --profile work": Told(r"Stored gsk_…9fQ2 as profile work"),
    "groqchat key check --profile work": Told(r"profile work · from Secret", first=WORK),
    "groqchat key check --all --json": Told(
        r'(?s)"profile": "default".*"profile": "work"',
        first=f"pass groq/x | groqchat key add --stdin; {WORK}",
    ),
    'groqchat key check --watch && groqchat ask "Hi"': Told(r"(?s)valid: .*You asked about"),
    "groqchat key list --json": Told(r'"profile": "work"|"name": "work"', first=WORK),
    "groqchat key remove work": Told(r"work", first=WORK),
    "groqchat key rename default private": Told(r"private", first=STORED),
    # models, plan
    "groqchat models": Told(rf"(?m)^{GPT} .*8K TPM"),
    "groqchat models --sort price": Told(r"(?s)gpt-oss-20b.*gpt-oss-120b.*qwen"),
    "groqchat models --for coding": Told(GPT, r"Short coding helper"),
    "groqchat models --for": Told(r"(?m)^coding +.*gpt-oss"),
    "groqchat models --all": Told(r"retired 2026-09-21, use"),
    "groqchat models --json | jq -r '.[] | select(.kind == \"chat\") | .id'": Told(rf"(?m)^{GPT}$"),
    "groqchat plan limits --model openai/gpt-oss-120b --tokens 2000": Told(
        r"calls per minute +4 +TPM binds.*\n +calls per day +100 +TPD binds"
    ),
    "groqchat plan limits --model openai/gpt-oss-120b --tokens 2000 --plan free": Told(
        r"calls per day +100 +TPD"
    ),
    "groqchat plan limits --model qwen/qwen3.8-27b --tokens 2K --tokens-out 500": Told(
        r"calls per minute +2 +OTPM"
    ),
    "groqchat plan limits --model whisper-large-v3-turbo --seconds 90": Told(
        r"calls per day +320 +ASD"
    ),
    "groqchat plan cost --model openai/gpt-oss-120b --input 100M --output 20M --code-hours 5 "
    "--searches 1000": Told(r"(?s)cost +\$27\.00.*hours of code +5 +\$0\.90.*with tools +unknown"),
    "groqchat plan cost --model openai/gpt-oss-120b --input 100M --output 20M --cached 50%": Told(
        r"cost +\$23\.25 .*\n +as a batch +\$13\.50"
    ),
    "groqchat plan cost --model openai/gpt-oss-20b --calls-per-day 50 --tokens-in 2K "
    "--tokens-out 500": Told(r"cost +\$0\.45"),
    "groqchat plan audio --model whisper-large-v3-turbo --hours 1000 --batch": Told(
        r"as a batch +\$20\.00"
    ),
    "groqchat plan audio --model canopylabs/orpheus-v1-english --characters 1M": Told(
        r"cost +\$22\.00"
    ),
    "groqchat plan tiers --model openai/gpt-oss-120b --plan developer": Told(r"flex +yes"),
    # quota, usage
    "groqchat quota": Told(r"TPM +[\d,]+ +8,000", first=ASKED),
    "groqchat quota --line '{TPM.remaining:,}/{TPM.limit:,} TPM'": Told(
        r"^7,\d{3}/8,000 TPM$", first=ASKED
    ),
    "groqchat quota --line '{model} {TPM.remaining:,}/{TPM.limit:,}'": Told(
        rf"^{GPT} 7,\d{{3}}/8,000$", first=ASKED
    ),
    'groqchat quota -m 120b --below TPD=50000 && groqchat ask "Hi" -m 120b': Told(
        r"(?s)TPD.*You asked about", first=ASKED
    ),
    "groqchat quota -m 120b --below RPD=300 && groqchat compare --file questions.txt -m 120b": Told(
        r"(?s)RPD.*answers +2", first="groqchat ask Hi -m 120b"
    ),
    "groqchat ask Hi -m 120b": Told(r"You asked about"),
    'groqchat quota --line "{TPD.percent}% of TPD"': Told(r"^99% of TPD$", first=ASKED),
    "groqchat quota --line '{TPD.percent}% of TPD'": Told(r"^99% of TPD$", first=ASKED),
    'groqchat quota --line "TPM {TPM.percent}% · today {cost_today}"': Told(
        r"^TPM 9\d% · today \$0\.0\d+$", first=ASKED
    ),
    "groqchat usage": Told(r"(?s)openai/gpt-oss-120b.*\$0\.0", first=ASKED),
    "groqchat usage --by day": Told(r"(?m)^20\d\d-\d\d-\d\d +1 ", first=ASKED),
    "groqchat usage --by day --since 2026-11-01": Told(r"(?m)^20\d\d-\d\d-\d\d +1 ", first=ASKED),
    "groqchat usage --by model --json": Told(r'"key": "openai/gpt-oss-120b"', first=ASKED),
    "groqchat usage --by day --csv > usage.csv": Told(
        r"(?m)^20\d\d-\d\d-\d\d,1,", first=ASKED, file="usage.csv"
    ),
    # sound
    "groqchat transcribe meeting.mp3 talk.wav": Told(
        r"(?s)==> meeting.mp3 <==\n\w.*==> talk.wav <==\n\w", r"2 files, 6\.\ds of sound"
    ),
    "groqchat transcribe meeting.mp3": Told(r"Thank you", r"billed as 10s"),
    "groqchat transcribe talk.m4a --format srt -o subtitles": Told(
        r"00:00:00,000 -->", file="subtitles/talk.srt"
    ),
    "groqchat transcribe talk.m4a --format srt --output subtitles": Told(
        r"00:00:00,000 -->", file="subtitles/talk.srt"
    ),
    "groqchat transcribe monday.wav tuesday.wav --language de --json | jq -r '.[].text'": Told(
        r"^\w.*\n\w", first="cp talk.wav monday.wav; cp talk.wav tuesday.wav"
    ),
    "groqchat transcribe interview.ogg --translate -m whisper-large-v3": Told(r"Thank you"),
    'groqchat speak "The tests have passed." -o passed.wav': Told(file="passed.wav"),
    'groqchat speak "The tests have passed." --output passed.wav': Told(file="passed.wav"),
    "groqchat speak --voice daniel --output minutes.wav < minutes.txt": Told(file="minutes.wav"),
    'groqchat speak "مرحبا" -m canopylabs/orpheus-arabic-saudi --voice noura -o hello.wav': Told(
        file="hello.wav"
    ),
    # batches
    "groqchat batch submit prompts.txt -m 120b --wait": Told(
        r"(?s)status +completed.*2 of 2 answered", plan="developer"
    ),
    "groqchat batch submit prompts.txt -m openai/gpt-oss-120b --wait": Told(
        r"status +completed", plan="developer"
    ),
    "groqchat batch submit requests.jsonl --window 7d": Told(r"^batch_\w+$", plan="developer"),
    "groqchat batch submit urls.txt -m whisper-large-v3-turbo": Told(
        r"^batch_\w+$", r"price or the length of 1 line is not known", plan="developer"
    ),
    "groqchat batch submit prompts.txt -m 120b -s 'Answer in one sentence.'": Told(
        r"^batch_\w+$", plan="developer"
    ),
    "groqchat batch submit requests.jsonl --dry-run": Told(err=r"Estimated cost at half"),
    "groqchat batch list": Told(r"batch_\w+", plan="developer", first=SUBMITTED),
    "groqchat batch list -n 10": Told(r"batch_\w+", plan="developer", first=SUBMITTED),
    "groqchat batch show job_1m82pjvd --wait": Told(
        r"status +completed", plan="developer", first=ENDED
    ),
    "groqchat batch results job_1m82pjvd -o results.jsonl": Told(
        r'^\{"custom_id": .*"answer": ', plan="developer", first=ENDED, file="results.jsonl"
    ),
    "groqchat batch cancel job_1m82pjvd": Told(
        r"cancel",
        plan="developer",
        first=f"seq 900 > prompts.txt; {SUBMITTED}",  # minutes of work: it cannot be done before
    ),
    "groqchat batch resubmit job_1m82pjvd --window 7d": Told(
        r"batch_\w+",
        plan="developer",
        first='curl -s $GROQ_BASE_URL/simulator/faults -d \'{"faults": '
        f'["batch_failed=50@batches"]}}\'; {ENDED}; groqchat batch show $JOB; '
        "curl -s -X DELETE $GROQ_BASE_URL/simulator/faults",
    ),
    # prompts
    "groqchat prompts list": Told(r"review", first=TEMPLATES),
    "groqchat prompts edit review": Told(
        terminal=(("", ""),), file="../home/.config/groqchat/prompts/review.md", out=r"\{\{language"
    ),
    "groqchat prompts edit --system terse": Told(
        terminal=(("", ""),),
        file="../home/.config/groqchat/prompts/system/terse.md",
        first="mkdir ~/bin",
    ),
    "groqchat prompts show review": Told(r"\{\{language=Python\}\}", first=TEMPLATES),
    "groqchat prompts show review --var language=Rust": Told(r"Review this Rust", first=TEMPLATES),
    "groqchat prompts show review --var language=Rust --var input=@main.rs": Told(
        r"(?s)Review this Rust.*fn main", first=WITH_INPUT
    ),
    "git diff | groqchat ask --template review --var language=Rust": Told(
        r"Rust|asked about", first=TEMPLATES
    ),
    # sessions
    "groqchat sessions list": Told(r"1m82pjvd .*What is a limit\?|What is a limit", first=TALKS),
    "groqchat sessions list -n 10": Told(r"What is a limit", first=TALKS),
    "groqchat sessions list --tag work --json": Told(
        r'"id": "1m82pjvd"', first=f"{TALKS}; groqchat sessions edit 1m82pjvd --add-tag work"
    ),
    "groqchat sessions search 'limit \"per day\" after:7d'": Told(r"per day", first=TALKS),
    "groqchat sessions search 'limit \"per day\" model:gpt-oss after:7d'": Told(
        r"per day", first=TALKS
    ),
    "groqchat sessions search 'limit \"per day\"'": Told(r"per day", first=TALKS),
    "groqchat sessions search 'cache model:gpt-oss after:2026-11 tag:work'": Told(
        r"cache", first=f"{TALKS}; groqchat sessions edit 1m82pjvd --add-tag work"
    ),
    "groqchat sessions search 'cost>0.10 role:user' --limit 0 --json": Told(r"^\[\]$", first=TALKS),
    "groqchat sessions show 1m82pjvd": Told(r"refills steadily", first=TALKS),
    "groqchat sessions edit 1m82pjvd --add-tag work,tax --pin": Told(r"work", first=TALKS),
    "groqchat sessions edit 1m82pjvd --add-tag work --pin": Told(r"work", first=TALKS),
    "groqchat sessions edit 1m82pjvd --title 'Tax return' --add-tag work --pin": Told(
        r"Tax return", first=TALKS
    ),
    "groqchat sessions edit 1m82pjvd 1m82pjw0 --archive": Told(r"1m82pjw0|token", first=TALKS),
    "groqchat sessions export 1m82pjvd -o talk.html": Told(
        r"refills steadily", first=TALKS, file="talk.html"
    ),
    "groqchat sessions export 1m82pjvd --format html > talk.html": Told(
        r"refills steadily", first=TALKS, file="talk.html"
    ),
    "groqchat sessions export 1m82pjvd --format html -o talk.html": Told(
        r"refills steadily", first=TALKS, file="talk.html"
    ),
    "groqchat sessions export 1m82pjvd --redact --front-matter -o notes/": Told(
        r"^---\ntitle: ", first=TALKS, file="notes/What-is-a-limit.md"
    ),
    "groqchat sessions export 1m82pjvd --openai >> training.jsonl": Told(
        r'^\{"messages": \[', first=TALKS, file="training.jsonl"
    ),
    "groqchat sessions import talk.json": Told(r"^1 added"),
    "groqchat sessions import old.jsonl": Told(r"^1 added"),
    "groqchat sessions import - < old.jsonl": Told(r"^1 added"),
    "groqchat sessions import chatgpt-export.zip": Told(r"^2 added", r"Not imported"),
    'groqchat sessions import "$(llm logs path)"': Told(r"^6 added"),
    "groqchat sessions import ~/.local/share/elia/elia.sqlite": Told(r"^3 added"),
    "groqchat sessions import ~/.local/share/oterm/store.db": Told(r"^1 added"),
    "groqchat sessions import ~/.local/share/parllama/chats/*.json": Told(r"^1 added"),
    "groqchat sessions delete 1m82pjvd 1m82pjw0": Told(r"In the bin: 1m82pjw0", first=TALKS),
    "groqchat sessions delete --forever -y 1m82pjvd": Told(r"Deleted for good", first=TALKS),
    "groqchat sessions restore 1m82pjvd": Told(
        r"^Restored: 1m82pjvd", first=f"{TALKS}; groqchat sessions delete 1m82pjvd"
    ),
    "groqchat sessions bin": Told(
        r"What is a limit", first=f"{TALKS}; groqchat sessions delete 1m82pjvd"
    ),
    "groqchat sessions bin --empty -y": Told(
        r"1 session", first=f"{TALKS}; groqchat sessions delete 1m82pjvd"
    ),
    "groqchat backup groqchat-backup.db": Told(file="groqchat-backup.db", first=TALKS),
    "groqchat backup --force ~/groqchat.db": Told(file="../home/groqchat.db", first=TALKS),
    "groqchat restore groqchat-backup.db": Told(
        r"\w", first=f"{TALKS}; groqchat backup groqchat-backup.db"
    ),
    # tools
    "groqchat mcp add time -- uvx mcp-server-time": Told(r"time is added"),
    "groqchat mcp add time --env TZ -- uvx mcp-server-time": Told(r"time is added"),
    "groqchat mcp add docs --url https://example.org/mcp": Told(r"docs is added"),
    "groqchat mcp token docs": Told(first=DOCS, terminal=(("oken", "a-token\r"), ("docs", ""))),
    "pass docs/token | groqchat mcp token docs --stdin": Told(r"docs", first=DOCS),
    "groqchat mcp test": Told(r"time__get_current_time", first=TIME),
    "groqchat mcp test time": Told(r"time__get_current_time", first=TIME),
    "groqchat mcp list --json": Told(r'"name": "time"', first=TIME),
    "groqchat mcp remove time": Told(r"time", first=TIME),
    "groqchat tools list": Told(r"time__get_current_time", first=TIME),
    "groqchat tools list time --json": Told(r"time__get_current_time", first=TIME),
    "groqchat tools try time__get_current_time timezone=UTC": Told(CLOCK.format("UTC"), first=TIME),
    "groqchat tools try time__get_current_time timezone=Europe/Berlin": Told(
        CLOCK.format("Europe/Berlin"), first=TIME
    ),
    'echo \'{"timezone": "UTC"}\' | groqchat tools try time__get_current_time -': Told(
        CLOCK.format("UTC"), first=TIME
    ),
    'groqchat tools try files__read_file \'{"path": "notes.txt"}\'': Told(r"\w", first=FILES),
    # the rest
    "groqchat doctor --json": Told(r'"ok": true'),
    "groqchat completion bash": Told(r"complete .*-F _groqchat"),
    "mkdir -p ~/.local/share/bash-completion/completions ~/.zsh/completions "
    "~/.config/fish/completions": Told(),
    "groqchat help limits > limits.md": Told(r"^# Limits and cost", file="limits.md"),
    "groqchat help batch submit": Told(r"usage: groqchat batch submit"),
    "groqchat help --man > groqchat.1": Told(r"(?m)^\.TH GROQCHAT 1", file="groqchat.1"),
    "groqchat simulate --fault help": Told(r"(?m)^ *rate_limited "),
}
_FOLDERS = "mkdir -p ~/.local/share/bash-completion/completions ~/.zsh/completions"
for shell, place in (
    ("bash", ".local/share/bash-completion/completions/groqchat"),
    ("zsh", ".zsh/completions/_groqchat"),
    ("fish", ".config/fish/completions/groqchat.fish"),
):
    TOLD[f"groqchat completion {shell} > ~/{place}"] = Told(
        "groqchat", first=f"{_FOLDERS} ~/.config/fish/completions", file=f"../home/{place}"
    )

_WEB = r"^(http://127\.0\.0\.1:\d+/\?token=[\w-]{20,})$"
_GROQ = r"^GROQ_BASE_URL=(http://127\.0\.0\.1:\d+)$"
SERVERS = {
    "groqchat serve": (_WEB, ""),
    "groqchat serve --port 8080": (_WEB, ""),
    "groqchat serve --demo": (_WEB, ""),
    "groqchat simulate": (_GROQ, "You asked about"),
    "groqchat simulate --port 8790 --plan developer --rate 0": (_GROQ, "You asked about"),
    "groqchat simulate --fault 'over_capacity*2' --fault cut=40": (_GROQ, "over capacity"),
}
"""What serves until Ctrl+C: what it prints, and what an answer from it is like."""

_ASKS = (
    "export GROQ_BASE_URL=http://127.0.0.1:8790 GROQ_API_KEY=gsk_anything\n"
    "groqchat ask 'write 500 tokens, end with DONE'\n"
    "groqchat ask 'What is a rate limit? simulate: cut'"
)
SIMULATOR = ("groqchat simulate --port 8790 --fault 'over_capacity*2'", _ASKS)
"""The two blocks of the simulator's page."""

ADDRESS = "postgresql://anna@db.example.org/team"
TEAM = {
    f"groqchat team init {ADDRESS}": Told(
        terminal=(("Password (not shown)", "secret-anna\r"), ("in the team", ""))
    ),
    f"pass db/anna | groqchat team init {ADDRESS} --stdin": Told(r"in the team"),
    "groqchat team status": Told(r"answers"),
    "groqchat team status --json": Told(r'"url": "postgresql://anna@'),
    "groqchat team members": Told(r"(?m)^anna +member"),
    "groqchat usage --team": Told(r"\w"),
    "groqchat usage --team --by person": Told(r"\w"),
    "groqchat usage --team --by day": Told(r"\w"),
    "groqchat compare --file prompts.jsonl -m 120b -m 20b --team": Told(r"checks passed +1/1 +1/1"),
    "groqchat team runs": Told(r"prompts.jsonl +anna"),
    "groqchat team runs --delete 1c8e02f7": Told(r"answers of prompts.jsonl are gone"),
    "groqchat team members --allow anna": Told(r"(?m)^anna +reader", key=False),
}
"""What is about a team, in the order in which it is pasted; ``key``: by anna, else the owner."""

DEMO = (
    "python3 -m venv .venv && .venv/bin/pip install -c constraints.txt . && "
    ".venv/bin/groqchat --demo"
)
INSTALLING = (
    DEMO,
    "uv tool install --compile-bytecode .",
    "pipx install .",
    "pip install 'openai>=3,<4'",
    "pip install 'pyyaml>=6,<7'",
    "pip install 'pypdf>=7,<8'",
    "pip install 'pillow>=12,<14'",
    "pip install 'mcp>=2.3,<3'",
    "pip install 'av>=18,<19'",
    "pip install 'textual-serve>=1.1.3,<1.2'",
)
"""What needs the network: tests/long pastes it."""

SHOWN = {
    "README, comparison": ("true", 'groqchat compare "What is a rate limit?" -m 20b -m 120b'),
    "README, key": (
        f"{STORED}; groqchat compare 'What is a rate limit?' -m 20b -m 120b",
        "groqchat key check",
        "groqchat quota -m 120b",
    ),
}
"""What is shown below commands: what was done before, and the commands one after another."""
