"""A program of its own that prints what sounddevice records: raw 16-bit samples of one channel.

Run as a file, so that nothing else of groqchat is loaded and no module of the folder it is started
in. It takes the samples a second as its argument, and records until it is ended.
"""

import sys

BLOCKS_PER_S = 20


def record(rate: int) -> str:
    """Print samples until nobody reads them; returns what went wrong, in one line, or nothing."""
    try:
        import sounddevice
    except (ImportError, OSError) as error:  # it is missing, or PortAudio's library is
        return str(error)
    try:
        with sounddevice.RawInputStream(samplerate=rate, channels=1, dtype="int16") as stream:
            while True:
                samples, _ = stream.read(rate // BLOCKS_PER_S)
                sys.stdout.buffer.write(samples)
                sys.stdout.buffer.flush()
    except (BrokenPipeError, KeyboardInterrupt):
        return ""
    except sounddevice.PortAudioError as error:
        return str(error)


if __name__ == "__main__":
    sys.exit(record(int(sys.argv[1])) or None)
