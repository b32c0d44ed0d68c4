"""What a machine keeps of its team."""
