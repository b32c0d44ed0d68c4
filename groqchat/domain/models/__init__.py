"""What is known of each model, and how a person chooses one."""
