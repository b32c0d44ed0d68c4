"""The Textual interface: the only package that knows Textual."""
