"""What is stored of tools: the columns of messages, and the approvals that last."""
