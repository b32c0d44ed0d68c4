"""Carries out the calls of a model's tools."""
