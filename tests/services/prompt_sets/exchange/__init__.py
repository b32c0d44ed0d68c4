"""Tests of sets in the forms of other programs."""
