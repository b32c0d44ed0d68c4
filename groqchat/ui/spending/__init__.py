"""Dialogs and commands for budget, usage and plans."""
