"""A provider that answers a byte at a time, and a command that gives it up."""

from pathlib import Path

import pytest

from bokko_cli.commands import connect
from bokko_cli.errors import Unreachable
from bokko_cli.network.exchange import Pace
from bokko_cli.prompter.base import NoPrompter
from bokko_cli.providers.billingo.provider import Billingo
from tests.fakes import CHOSEN, KEY, World
from tests.servers import Drip, Server


def test_provider_that_drips_is_given_up_and_nothing_is_saved(tmp_path: Path) -> None:
    with Server(lambda _: Drip(b" " * 1000, seconds=0.05)) as server:
        world = World(tmp_path, {"BOKKO_BILLINGO_URL": f"{server.url}/v3"}, standard_input=KEY)
        context = world.context(NoPrompter())._replace(
            opener=lambda _, deadline: lambda url, key, tell: Billingo(url, key, deadline, tell, Pace(exchange=0.3)),
        )
        with pytest.raises(Unreachable, match=r"Billingo did not answer in time\."):
            connect.run(context.at("billingo"), connect.Options(CHOSEN, api_key_stdin=True))
    assert not world.settings.exists()
