"""Named prompts: the list of them, the form for their variables, and the command that uses them."""
