"""The team's database in PostgreSQL: shared limits and the shared ledger."""
