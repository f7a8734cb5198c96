"""Requests over httpx: bounded, retried where that is safe, every failure one of our errors."""
