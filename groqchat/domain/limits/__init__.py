"""Rate limits: leaky buckets, their readings in headers and refusals, and allowances."""
