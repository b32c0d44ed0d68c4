"""What is kept on this machine: database, keyring, settings, log."""
