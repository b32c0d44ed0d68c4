"""Dated data: models, prices, limits, retirements, formats of secrets (TOML)."""
