"""How turns ended, as long as nobody has seen it."""
