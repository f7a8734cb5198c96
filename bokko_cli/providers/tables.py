"""Every provider's spec."""

from collections.abc import Mapping

from bokko_cli.model.spec import Spec
from bokko_cli.providers.billingo.fields import SPEC as BILLINGO
from bokko_cli.providers.szamlazz.fields import SPEC as SZAMLAZZ

SPECS: Mapping[str, Spec] = {spec.provider: spec for spec in (BILLINGO, SZAMLAZZ)}
"""By the provider's name in commands."""
