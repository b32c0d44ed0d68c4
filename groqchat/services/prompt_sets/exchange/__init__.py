"""Sets of prompts in the forms of other programs."""
