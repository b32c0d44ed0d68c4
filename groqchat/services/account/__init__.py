"""Keys, models and the connection of one account."""
