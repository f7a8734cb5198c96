"""README against the program: its examples are run, its tables compared."""
