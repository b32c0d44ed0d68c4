"""Planning: the capacity that limits leave for a workload, and its cost."""
