"""Every provider's table."""

from collections.abc import Mapping

from bokko_cli.providers.billingo.fields import TABLE as BILLINGO
from bokko_cli.providers.szamlazz.fields import TABLE as SZAMLAZZ
from bokko_cli.table import Table

TABLES: Mapping[str, Table] = {table.provider: table for table in (BILLINGO, SZAMLAZZ)}
"""By the provider's name in commands."""
