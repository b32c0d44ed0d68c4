"""Every failure with its cause, its advice, and how a server's answer becomes one."""
