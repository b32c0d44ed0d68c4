"""The rules of a team: the limits and the ledger that the machines of an organisation share."""
