"""Tests of the team's database, on a PostgreSQL that they start themselves."""
