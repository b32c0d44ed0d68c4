"""Named prompts: what a file may hold, and the variables in it."""
