"""One answer with nothing but Groq's SDK, as its own documentation shows it: ``sdk PROMPT``."""

import sys

from groq import Groq

if __name__ == "__main__":
    chunks = Groq().chat.completions.create(
        model="openai/gpt-oss-120b",
        messages=[{"role": "user", "content": sys.argv[1]}],
        stream=True,
    )
    for chunk in chunks:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
    print()
