"""What is measured; each module has one kind of figure."""
