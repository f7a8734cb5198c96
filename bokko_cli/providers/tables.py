"""Every provider: one line for each, the name of its folder, whose `fields` has its spec."""

from collections.abc import Mapping
from importlib import import_module

from bokko_cli.model.spec import Spec

_FOLDERS = (
    "billingo",
    "szamlazz",
)


def _spec(folder: str) -> Spec:
    spec: Spec = import_module(f"bokko_cli.providers.{folder}.fields").SPEC
    return spec


SPECS: Mapping[str, Spec] = {spec.provider: spec for spec in map(_spec, _FOLDERS)}
"""By the provider's name in commands."""
