"""What only a process of its own can show: start-up, streams, memory, signals, an unlucky machine."""
