"""Commands about whole sessions and the whole database: export, import, backup and restore."""
