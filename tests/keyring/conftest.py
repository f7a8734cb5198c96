"""The machine of the fault tests, here for keyrings that fail."""

from tests.faults.conftest import loaded, machine

__all__ = ["loaded", "machine"]
