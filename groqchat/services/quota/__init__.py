"""What is left of limits and budgets."""
