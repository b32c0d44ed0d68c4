"""Sound files: their lengths, decoding and encoding."""
