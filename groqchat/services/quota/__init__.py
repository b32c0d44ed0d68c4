"""The limits and budgets of an account, and how much of them is left."""
