"""Rate limits: the leaky buckets, what headers and refusals tell of them, what still fits."""
