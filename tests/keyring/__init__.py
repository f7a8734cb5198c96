"""What every keyring promises, and what happens where one does not."""
