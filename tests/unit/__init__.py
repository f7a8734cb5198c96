"""What is proved without a terminal, a keyring or the command."""
