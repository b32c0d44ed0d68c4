"""Tests of sets that several machines ask."""
