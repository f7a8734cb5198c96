"""The connection that a command needs."""

from bokko_cli.context import Scope
from bokko_cli.errors import NotConnected
from bokko_cli.model.values import Connection
from bokko_cli.model.wording import N_


def connected(scope: Scope) -> Connection:
    """Return the connection; raises NotConnected, SettingsUnreadable."""
    connection = scope.load().connection(scope.spec)
    if connection is None:
        raise NotConnected(N_("{provider} is not connected.", provider=scope.spec.title), fix=scope.command("connect"))
    return connection
