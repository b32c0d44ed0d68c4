"""Sets of prompts, the checks of their answers, and the report on a run."""
