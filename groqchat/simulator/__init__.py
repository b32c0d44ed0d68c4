"""A simulated Groq server on the loopback interface, for the demo, tests and benchmarks."""
