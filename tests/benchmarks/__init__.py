"""What a person waits for, measured against a bare `python -c pass`: `python -m tests.benchmarks`."""
