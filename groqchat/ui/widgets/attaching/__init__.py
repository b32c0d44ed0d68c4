"""Files and other long texts in a prompt: named, read, and shown as chips."""
