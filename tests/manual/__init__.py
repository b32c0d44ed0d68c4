"""What README, guides and helps tell the reader to type, typed by a fresh user."""
