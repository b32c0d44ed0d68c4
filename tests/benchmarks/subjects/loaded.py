"""The floor of memory: the bare app, with Groq's SDK imported."""

import groq  # noqa: F401 - to have it in memory

from tests.benchmarks.subjects.bare import Bare

if __name__ == "__main__":
    Bare().run()
