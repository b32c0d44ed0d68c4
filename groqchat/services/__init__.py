"""The use cases of groqchat, one module each; protocols state what they need."""
