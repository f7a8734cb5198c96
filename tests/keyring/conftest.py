"""The machine of the fault tests, here for keyrings that fail."""

from tests.faults.conftest import machine

__all__ = ["machine"]
