"""What is printed: for people, or for scripts."""
