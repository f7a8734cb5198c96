"""The command in a real terminal."""
