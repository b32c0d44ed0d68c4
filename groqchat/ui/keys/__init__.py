"""Dialogs and commands for API keys."""
