"""Random keys and pastes at the real program: it never ends, and loses no letter."""
