"""Named prompts on the command line."""
