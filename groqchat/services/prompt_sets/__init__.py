"""Sets of prompts: read, run, and paid for from one budget."""
