"""The event stream with as little as can be between it and the reader."""

import json
import os


async def tokens(client, prompt, model="openai/gpt-oss-120b"):
    """The text of each event of an answer."""
    url = f"{os.environ['GROQ_BASE_URL']}/openai/v1/chat/completions"
    body = {"model": model, "messages": [{"role": "user", "content": prompt}]}
    rest = b""
    async with client.stream("POST", url, json=body) as response:
        async for data in response.aiter_raw():
            *events, rest = (rest + data).split(b"\n\n")
            for event in events:
                if event != b"data: [DONE]":
                    yield json.loads(event[6:])["choices"][0]["delta"].get("content", "")
