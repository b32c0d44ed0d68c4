"""What groqchat can do: one module a use case, its needs stated as protocols."""
