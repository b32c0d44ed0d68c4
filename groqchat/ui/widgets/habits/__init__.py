"""How the composer is edited by habit: with keys of Emacs, or in modes of vi."""
