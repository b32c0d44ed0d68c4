"""Sets of prompts that several machines ask together."""
