"""What a workload may do under limits, and what it costs."""
