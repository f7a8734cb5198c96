"""`bokko sandbox` in a terminal: what it prints, and how it ends."""

import re
from http.client import HTTPConnection

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.servers import LOOPBACK, Server, json_answer
from tests.terminal.conftest import QUESTIONS, Start, accept, give_key

KEYS = (
    "sandbox-ready", "sandbox-large", "sandbox-invalid", "sandbox-no-api", "sandbox-read-only", "sandbox-no-drafts",
    "sandbox-empty", "sandbox-busy", "sandbox-down", "sandbox-expiring", "sandbox-unpaid", "sandbox-picky",
    "sandbox-odd",
)  # fmt: skip


def test_sandbox_tells_addresses_and_keys_serves_and_stops_on_ctrl_c(start: Start) -> None:
    terminal = start("sandbox", rows=50)
    terminal.wait_for("The key decides what happens:")
    terminal.wait_for("sandbox-unpaid")
    screen = terminal.screen()
    assert all(key in screen for key in KEYS)
    found = re.search(rf"http://{LOOPBACK}:(\d+)/v3$", screen, re.MULTILINE)
    assert found
    assert f"http://{LOOPBACK}:{found[1]}/szamla/" in screen
    connection = HTTPConnection(LOOPBACK, int(found[1]), timeout=10)
    connection.request("GET", "/v3/organization", headers={"X-API-KEY": "sandbox-ready"})
    assert connection.getresponse().status == 200
    connection.close()
    terminal.press("ctrl-c")
    assert terminal.wait_exit() == 0
    assert terminal.screen().endswith("The sandbox has stopped.")


def test_wizard_can_be_pointed_at_a_sandbox_that_serves(start: Start) -> None:
    serving = start("sandbox", rows=50)
    serving.wait_for("sandbox-unpaid")
    found = re.search(r"http://\S+/v3", serving.screen())
    assert found
    terminal = start("billingo", "connect", "--key-storage", "file", environ={"BOKKO_BILLINGO_URL": found[0]})
    give_key(terminal, "sandbox-ready")
    accept(terminal, *QUESTIONS)
    assert terminal.wait_exit() == 0
    assert f"{found[0]} (this machine)" in terminal.screen()


def test_port_that_is_taken_is_told(start: Start) -> None:
    with Server(lambda _: json_answer(200, {})) as server:
        port = server.url.rpartition(":")[2]
        terminal = start("sandbox", "--port", port)
        assert terminal.wait_exit() == 2
    assert terminal.screen().startswith(f"Error: Port {port} is not available:")


@pytest.mark.parametrize("port", ["x", "-1", "65536", "٨", ""])
def test_what_is_no_port_is_refused(start: Start, port: str) -> None:
    terminal = start("sandbox", f"--port={port}")
    assert terminal.wait_exit() == 2
    assert terminal.screen().startswith("Error: --port must be a number up to 65535.")
