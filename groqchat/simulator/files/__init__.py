"""The file and batch endpoints."""
