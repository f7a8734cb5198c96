"""The two streams: slow ones get everything, broken ones stop nothing, and what must arrive is missed."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.fake_billingo import FakeBillingo, block
from tests.servers import Server

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="descriptors as POSIX has them")

FULL = Path("/dev/full")
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no full device here")
TOLD = "The output could not be written: No space left on device."
HELP = (("--help",), ("-h",), ("--version",), ("billingo", "--help"), ("billingo", "connect", "--help"))


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bokko_cli", *arguments]


def read_slowly(arguments: Sequence[str], env: Mapping[str, str]) -> tuple[int, bytes]:
    """Run the command with a stream that is non-blocking and read late; return its exit code and all of its text."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with subprocess.Popen(command(*arguments), env=env, stdout=writing, stderr=subprocess.DEVNULL) as child:
        os.close(writing)
        time.sleep(0.5)  # until the pipe is full; nothing tells when
        with os.fdopen(reading, "rb") as whole:
            text = whole.read()
        return child.wait(60), text


@pytest.mark.parametrize("kind", [("--json",), ()], ids=["json", "lines"])
def test_slow_reader_of_a_stream_that_does_not_block_gets_everything(
    home: dict[str, str], kind: tuple[str, ...]
) -> None:
    fake = FakeBillingo(blocks=[block(number, f"Webshop {number} {'x' * 50}", "W") for number in range(2_000)])
    with Server(fake.answer) as server:
        env = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3", "BOKKO_BILLINGO_API_KEY": fake.key}
        code, text = read_slowly(("billingo", "blocks", *kind), env)
        assert code == 0
        assert text == subprocess.check_output(command("billingo", "blocks", *kind), env=env, timeout=60)
    assert len(text) > 65_536


@needs_full
@pytest.mark.parametrize(
    "arguments",
    [
        *HELP[1:],
        ("sandbox",),
        ("billingo", "status"),
        ("integrations", "--json"),
        ("doctor", "--offline"),
        ("doctor", "--offline", "--json"),
        ("help", "json"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "PYTHONUNBUFFERED"])
def test_answer_that_finds_no_room_is_told_and_shows_no_traceback(
    home: dict[str, str], arguments: tuple[str, ...], unbuffered: str
) -> None:
    home["PYTHONUNBUFFERED"] = unbuffered
    with FULL.open("wb") as full:
        ran = subprocess.run(
            command(*arguments), env=home, stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    assert ran.returncode == 1
    assert TOLD in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    "arguments", [*HELP, ("billingo", "status"), ("integrations",), ("doctor", "--offline")], ids=" ".join
)
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "PYTHONUNBUFFERED"])
def test_reader_that_left_is_borne_in_silence(
    home: dict[str, str], arguments: tuple[str, ...], unbuffered: str
) -> None:
    home["PYTHONUNBUFFERED"] = unbuffered
    reading, writing = os.pipe()
    os.close(reading)
    ran = subprocess.run(
        command(*arguments), env=home, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60, check=False
    )
    os.close(writing)
    assert ran.returncode in (0, 2, 3)
    assert ran.stderr == ""


@needs_full
@pytest.mark.parametrize(
    "arguments", [("billingo", "blocks"), ("billingo", "connect", "--no-input"), ("nonsense",)], ids=" ".join
)
def test_errors_that_cannot_be_told_keep_their_exit_code(home: dict[str, str], arguments: tuple[str, ...]) -> None:
    with FULL.open("wb") as full:
        lost = subprocess.run(command(*arguments), env=home, stderr=full, stdout=full, timeout=60, check=False)
    told = subprocess.run(command(*arguments), env=home, capture_output=True, timeout=60, check=False)
    assert lost.returncode == told.returncode != 0


@pytest.mark.parametrize(
    "arguments",
    [("billingo", "blocks"), ("billingo", "accounts", "--json"), ("integrations",), ("--version",), ("--help",)],
    ids=" ".join,
)
def test_answer_to_a_closed_stream_is_a_failure(home: dict[str, str], arguments: tuple[str, ...]) -> None:
    fake = FakeBillingo()
    with Server(fake.answer) as server:
        env = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3", "BOKKO_BILLINGO_API_KEY": fake.key}
        closing = ["sh", "-c", 'exec "$@" >&-', "sh", *command(*arguments)]
        ran = subprocess.run(closing, env=env, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
    assert ran.returncode == 1
    assert "The output could not be written: the stream is closed." in ran.stderr
    assert "Traceback" not in ran.stderr


def test_both_streams_closed_end_as_if_they_were_open(home: dict[str, str]) -> None:
    closing = ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command("billingo", "status")]
    assert subprocess.run(closing, env=home, timeout=60, check=False).returncode == 1


@needs_full
@pytest.mark.parametrize("arguments", [["status"], ["status", "--json"], ["blocks", "--json"]])
def test_answer_that_cannot_be_printed_is_a_failure(arguments: list[str], home: dict[str, str]) -> None:
    connecting = command("--sandbox", "billingo", "connect", "--api-key-stdin", "--block", "WEB")
    argv = [*connecting, "--bank-account", "7001"]
    with FULL.open("w") as full:
        saved = subprocess.run(argv, env=home, input="sandbox-ready", stdout=full, text=True, check=False)
        lost = subprocess.run(
            command("--sandbox", "billingo", *arguments), env=home, stdout=full, stderr=subprocess.PIPE, text=True,
            check=False,
        )  # fmt: skip
    assert (saved.returncode, lost.returncode) == (0, 1)
    assert lost.stderr.splitlines()[-2:] == [
        "Error: The output could not be written: No space left on device.",
        "→ Free some space, or send the output elsewhere.",
    ]
