"""The checks of ``groqchat doctor``, by what they look at."""
