"""Dated data: models, prices, limits, retirements (TOML, no code)."""
