"""Dialogs and commands for sessions."""
