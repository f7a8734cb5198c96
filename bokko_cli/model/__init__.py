"""Plain values and what follows from them; pure."""
