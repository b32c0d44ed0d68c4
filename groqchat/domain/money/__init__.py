"""Prices, usage and cost as exact decimals."""
