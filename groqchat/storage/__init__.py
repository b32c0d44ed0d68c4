"""The data on this machine: database, keyring, settings, log."""
