"""The database: its file, its tables, and what each keeps."""
