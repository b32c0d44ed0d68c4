"""The window of batches."""
