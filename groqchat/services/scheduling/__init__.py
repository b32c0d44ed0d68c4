"""The scheduler of requests: a lane for each model, which keeps to its limits."""
