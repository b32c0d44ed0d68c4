"""``groqchat --plain``: the chat as lines, for screen readers and terminals without a cursor."""
