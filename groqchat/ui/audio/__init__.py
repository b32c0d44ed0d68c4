"""Sound in the chat: files that are transcribed, and talking instead of typing."""
