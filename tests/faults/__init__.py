"""What is left behind by a kill, a full disk or a failing keyring."""
