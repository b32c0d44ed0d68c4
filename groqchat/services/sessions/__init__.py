"""Sessions on their way out and in: exports, imports, backups."""
