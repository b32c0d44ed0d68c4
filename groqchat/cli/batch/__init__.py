"""``groqchat batch``: many requests at half the price."""
