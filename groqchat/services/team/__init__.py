"""What the machines of an organisation share: limits and ledger."""
