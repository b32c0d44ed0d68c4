"""Statistics of paired values: tests, intervals, and the size that a comparison takes."""
