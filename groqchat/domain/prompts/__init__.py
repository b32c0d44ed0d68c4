"""Named prompts that the user keeps in files."""
