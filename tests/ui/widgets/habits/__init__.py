"""Tests of the keys of Emacs and the modes of vi in the composer."""
