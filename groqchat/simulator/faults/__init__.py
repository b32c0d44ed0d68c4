"""Faults that are injected on purpose: refusals, broken streams, odd answers."""
