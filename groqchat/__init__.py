"""groqchat: a terminal client for GroqCloud that shows quota, cost and what to do about errors."""

__version__ = "0.1.0"
