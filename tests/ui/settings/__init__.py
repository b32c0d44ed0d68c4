"""Tests of the windows with the settings and the keys."""
