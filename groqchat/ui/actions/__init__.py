"""What each command does on the chat screen: a method ``do_<id>`` for every command."""
