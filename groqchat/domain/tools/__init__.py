"""Tools that a model may call: what is offered, a call, its result."""
