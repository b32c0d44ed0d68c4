"""The open session and the turn that is running in it."""
