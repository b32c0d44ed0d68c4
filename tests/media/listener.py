"""A server that knows a speech, and writes down just what it hears in each piece of it.

It decodes what is uploaded, finds its place in the speech by comparing loudness, and answers the
words between those times. It shares no code with groqchat or with the simulator.
"""

import email.parser
import json
import subprocess
import tempfile
import threading
from array import array
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import av

from tests.media.sounds import RATE
from tests.media.speech import Speech

STEP = RATE // 100
# A piece is recognised by this many hundredths of a second.
FINGERPRINT = 400


class Listener:
    """The server; ``heard`` are the beginning and end of each piece in seconds.

    Args:
        speech: What is spoken.
        decoder: "ffmpeg" (the program) or "av".
    """

    def __init__(self, speech: Speech, decoder: str = "av") -> None:
        self.speech = speech
        self.shape = _shape(speech.pcm)
        self.decode = _by_ffmpeg if decoder == "ffmpeg" else _by_av
        self.heard: list[tuple[float, float]] = []
        listener = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                fields, name, content = _form(self.headers["content-type"], body)
                answer = json.dumps(listener.answer(fields, name, content)).encode()
                self.send_response(200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(answer)))
                self.send_header("x-request-id", f"req_{len(listener.heard)}")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, fields, name, content):
        pcm = self.decode(name, content)
        length = len(pcm) / 2 / RATE
        start = self._place(_shape(pcm))
        self.heard.append((start, start + length))
        # A word is heard if its middle is in the piece, however much of it was cut.
        words = [
            word
            for word in self.speech.words
            if start <= (word.start + word.end) / 2 < start + length
        ]
        timed = [
            {"word": w.text, "start": round(w.start - start, 2), "end": round(w.end - start, 2)}
            for w in words
        ]
        answer = {
            "text": " " + " ".join(word.text for word in words),
            "language": "English",
            "duration": round(length, 2),
            "segments": [
                {
                    "text": " " + " ".join(part["word"] for part in timed[at : at + 8]),
                    "start": max(0.0, timed[at]["start"]),
                    "end": timed[min(at + 7, len(timed) - 1)]["end"],
                }
                for at in range(0, len(timed), 8)
            ],
        }
        if "word" in fields.get("timestamp_granularities[]", []):
            answer["words"] = [word | {"start": max(0.0, word["start"])} for word in timed]
        return answer

    def _place(self, shape):
        """The second at which a piece begins: where its loudness is most like the speech's."""
        # The loudest stretch of it is compared; silence is everywhere.
        size = min(FINGERPRINT, len(shape))
        at = max(range(0, max(1, len(shape) - size), 50), key=lambda n: sum(shape[n : n + size]))
        wanted = shape[at : at + size]
        coarse = min(
            range(max(1, len(self.shape) - size + 1)),
            key=lambda n: _difference(self.shape, n, wanted, 16),
        )
        near = range(max(0, coarse - 16), min(len(self.shape) - size + 1, coarse + 17) or 1)
        best = min(near, key=lambda n: _difference(self.shape, n, wanted, 1))
        return max(0, best - at) * STEP / RATE


def _difference(shape, place, wanted, step):
    return sum(
        abs(shape[place + n] - wanted[n])
        for n in range(0, min(len(wanted), len(shape) - place), step)
    )


def _shape(pcm):
    """The loudness of each hundredth of a second."""
    samples = array("h", pcm)
    return [max(samples[at : at + STEP]) for at in range(0, len(samples), STEP)]


def _form(content_type, body):
    """The fields of a form, each a list, and its file."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    fields, name, content = {}, "", b""
    for part in email.parser.BytesParser().parsebytes(head + body).get_payload():
        value = part.get_payload(decode=True)
        if part.get_filename():
            name, content = part.get_filename(), value
        else:
            key = part.get_param("name", header="content-disposition")
            fields.setdefault(key, []).append(value.decode())
    return fields, name, content


def _by_ffmpeg(name, content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        raw = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-"]
        done = subprocess.run(
            ["ffmpeg", "-v", "error", "-i", str(path), *raw], check=True, capture_output=True
        )
        return done.stdout


def _by_av(name, content):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / Path(name).name
        path.write_bytes(content)
        resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
        pcm = bytearray()
        with av.open(str(path)) as container:
            frames = [*container.decode(audio=0), None]
            for frame in frames:
                for part in resampler.resample(frame):
                    pcm += bytes(part.planes[0])[: part.samples * 2]
        return bytes(pcm)
