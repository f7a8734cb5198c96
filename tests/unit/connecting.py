"""What the tests of `connect` give and type."""

from bokko_cli.commands.connect import Options
from tests.fakes import CHOSEN, ENTER, World

QUESTIONS = (
    ("Document block", "Webshop"),
    ("Bank account", "OTP HUF"),
    ("Default VAT rate", ENTER),
    ("Default payment method", ENTER),
    ("Tax number", "13421739-2-41"),
    ("Invoice capable", ENTER),
    ("Accepts business clients", ENTER),
)
YES = ("Save this?", True)
BY_STDIN = Options(CHOSEN, api_key_stdin=True)


def make_szamlazz_active(world: World) -> None:
    world.folder.mkdir()
    world.settings.write_text('schema = 1\nactive_provider = "szamlazz"\n[szamlazz]\n', "utf-8")
