"""Sets of prompts: read from files and run within a shared budget."""
