"""The actions of a comparison, by kind."""
