"""Many clients of one organisation in one process, on a driven clock and a real PostgreSQL."""
