"""Tests of the rules of a team."""
