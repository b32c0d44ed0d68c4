"""Models: their catalogue, their parameters, and the choice of one."""
