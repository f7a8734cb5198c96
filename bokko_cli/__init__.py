"""Connects a business to its Hungarian invoicing provider."""

__version__ = "0.1.0"
