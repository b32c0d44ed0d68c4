"""Dialogs and commands for choosing a model."""
