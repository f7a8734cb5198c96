"""What `doctor` says of the way to each provider, and of the clock."""

from pathlib import Path

import pytest

from bokko_cli.commands.doctor import network
from bokko_cli.errors import (
    BokkoError,
    EndpointRefused,
    InvalidValue,
)
from bokko_cli.model.values import Level
from bokko_cli.network.probe import Failure, Stage, Way
from bokko_cli.providers.billingo.fields import SPEC
from tests.unit.doctoring import examine, levels, machine

API = "https://api.billingo.hu/v3"
pytestmark = pytest.mark.usefixtures("own_home")


@pytest.mark.parametrize(
    ("fault", "passed", "stage"),
    [
        ("unknown", (), "name"),
        ("no_connection", ("name",), "connection"),
        ("silent", ("name",), "connection"),
        ("too_early", ("name", "connection"), "tls"),
        ("too_late", ("name", "connection"), "tls"),
        ("untrusted", ("name", "connection"), "tls"),
        ("other_host", ("name", "connection"), "tls"),
        ("tls", ("name", "connection"), "tls"),
        ("silent", ("name", "connection", "tls"), "answer"),
        ("proxy", ("name",), "connection"),
    ],
)
def test_place_where_the_way_ends_is_told(fault: Failure, passed: tuple[Stage, ...], stage: Stage) -> None:
    items = [*network.items([(SPEC, API)], lambda _: Way(passed, fault))]
    assert [item.item for item in items] == [f"billingo.{each}" for each in (*passed, stage)]
    assert [item.level for item in items] == [*("ok" for _ in passed), "problem"]
    assert "api.billingo.hu" in items[-1].message or "proxy" in items[-1].message


def test_address_on_this_machine_that_nobody_answers_at_is_no_matter_of_the_network() -> None:
    *_, item = network.items([(SPEC, "http://127.0.0.1:9/v3")], lambda _: Way(("name",), "no_connection"))
    assert "Billingo" in item.message
    assert "Start the program" in str(item.fix)


def test_way_that_ends_at_a_proxy_blames_the_proxy() -> None:
    *_, item = network.items([(SPEC, API)], lambda _: Way((), "unknown", proxy="ALL_PROXY"))
    assert "proxy" in item.message
    assert "ALL_PROXY" in str(item.fix)


@pytest.mark.parametrize(("status", "level"), [(200, "ok"), (401, "ok"), (500, "warning"), (503, "warning")])
def test_answer_is_well_unless_the_server_is_in_trouble(status: int, level: Level) -> None:
    way = Way(("name", "connection", "tls", "answer"), None, status=status, seconds=0.123)
    *_, item = network.items([(SPEC, API)], lambda _: way)
    assert (item.item, item.level) == ("billingo.answer", level)
    assert "0.12 s" in item.message


@pytest.mark.parametrize("error", [EndpointRefused("https://secret.example"), InvalidValue("https://secret.example")])
def test_request_that_cannot_be_made_is_told_without_what_a_variable_holds(error: BokkoError) -> None:
    def refuse(_: str) -> Way:
        raise error

    (item,) = network.items([(SPEC, API)], refuse)
    assert item.level == "problem"
    assert "secret" not in f"{item.message}{item.fix}"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTPS_PROXY", "socks5://anna:hidden@127.0.0.1:1"),
        ("https_proxy", "ftp://hidden"),
        ("ALL_PROXY", "http://hidden:port"),
        ("all_proxy", "socks://hidden"),
        ("SSL_CERT_FILE", "/nowhere/hidden.pem"),
        ("SSLKEYLOGFILE", "/nowhere/hidden.log"),
    ],
)
def test_setting_that_stops_every_request_is_named_and_no_other(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    (item,) = network.items([(SPEC, API)])
    assert item.message == f"Billingo was not asked: the value of {variable} cannot be used."
    assert item.fix == f"Correct {variable}, or unset it."


@pytest.mark.parametrize(
    ("offsets", "level"),
    [
        ([0.0], "ok"),
        ([299.0, -200.0], "ok"),
        ([7200.0], "problem"),
        ([-86400.0, -86399.0], "problem"),
        ([0.0, 7200.0], "warning"),
    ],
)
def test_clock_is_wrong_where_every_server_disagrees_with_it(offsets: list[float], level: Level) -> None:
    assert network.clock(offsets).level == level


def test_where_no_server_told_the_time_nothing_is_said_of_the_clock() -> None:
    way = Way(("name", "connection", "answer"), None, status=200)
    assert [item.item for item in network.items([(SPEC, API)], lambda _: way)][-1] == "billingo.answer"


def test_offline_nothing_is_sent(tmp_path: Path) -> None:
    assert levels(examine(machine(tmp_path)), "network") == {"offline": "ok"}  # the tests' network would refuse, loudly
