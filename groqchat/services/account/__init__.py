"""The keys, models and connection of one account."""
