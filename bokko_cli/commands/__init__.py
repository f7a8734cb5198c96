"""One module for each command: its options, and a `run` that reads as the story."""
