"""Answers in JSON: schemas, what of them a server takes, and the check of an answer."""
