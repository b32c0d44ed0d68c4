"""The ledger: its entries, sums of them, and money that is set aside."""
