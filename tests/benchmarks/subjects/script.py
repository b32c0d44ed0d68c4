"""One answer with nothing but httpx: ``script PROMPT``."""

import json
import os
import sys

import httpx


def main(prompt):
    url = f"{os.environ['GROQ_BASE_URL']}/openai/v1/chat/completions"
    body = {"model": "openai/gpt-oss-120b", "messages": [{"role": "user", "content": prompt}]}
    with httpx.stream("POST", url, json=body) as response:
        for line in response.iter_lines():
            if line.startswith("data: {"):
                text = json.loads(line[6:])["choices"][0]["delta"].get("content", "")
                print(text, end="", flush=True)
    print()


if __name__ == "__main__":
    main(sys.argv[1])
