"""Comparisons: run, judged, saved and opened again."""
