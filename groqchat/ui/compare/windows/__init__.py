"""The windows over a comparison."""
