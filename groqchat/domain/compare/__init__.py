"""Answers of several models to one prompt: measures, judgements, ratings."""
