"""How the wizard is started in a terminal, and what it leaves behind."""

from pathlib import Path

from tests.servers import Server

SANDBOX = ("--sandbox", "billingo", "connect")
REAL = ("billingo", "connect", "--key-storage", "file")
NOTHING = "Nothing was changed."


def has_settings(folder: Path) -> bool:
    return any(folder.rglob("*.toml"))


def address_of(server: Server) -> dict[str, str]:
    return {"BOKKO_BILLINGO_URL": f"{server.url}/v3"}
