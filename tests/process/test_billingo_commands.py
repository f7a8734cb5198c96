"""Whole commands against servers that are hostile, broken or not there: what they end with, and what they cost."""

import dataclasses
import gzip
import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import preloaded, servers
from tests.fake_billingo import FakeBillingo, error_answer
from tests.servers import (
    MEGABYTE,
    Endless,
    Reset,
    Seen,
    Server,
    Verbatim,
    gzip_bomb,
    in_turn,
    json_answer,
    nobody_listening,
    raw_answer,
    redirect,
)

KEY = FakeBillingo().key
CONNECT = (
    *("billingo", "connect", "--api-key-stdin", "--key-storage", "file", "--no-input", "--json"),
    *("--block", "40101", "--bank-account", "7001"),
)
MOST_MEMORY = 150 * MEGABYTE
# A process of its own counts from what it is itself, not from what these tests have grown to.
MEASURE = (
    "import resource, subprocess, sys; code = subprocess.call(sys.argv[2:]); "
    "open(sys.argv[1], 'w').write(str(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)); sys.exit(code)"
)
Respond = Callable[[Seen], servers.ScriptedAnswer]


@dataclass(frozen=True)
class EndedCommand:
    """A command that has ended; `memory` in bytes at its peak if it was measured, `saved` the files that it left."""

    code: int
    out: str
    err: str
    seconds: float
    saved: list[str]
    memory: int = 0

    @property
    def error(self) -> Mapping[str, str]:
        """The error of a document that holds nothing else."""
        document = json.loads(self.out)
        assert set(document) == {"schema", "error"}
        error: Mapping[str, str] = document["error"]
        return error


@dataclass(frozen=True)
class Bokko:
    """The installed command in a home of its own."""

    command: list[str]
    home: dict[str, str]
    peak: Path

    def run(self, url: str, *arguments: str, key: str = KEY, **environ: str) -> EndedCommand:
        started = time.monotonic()
        env = {**self.home, "BOKKO_BILLINGO_URL": url, **environ}
        return self._ended(preloaded.run([*self.command, *arguments], env, f"{key}\n"), started)

    def measured(self, url: str, *arguments: str) -> EndedCommand:
        """Run and measure its memory."""
        started = time.monotonic()
        argv = [sys.executable, "-S", "-c", MEASURE, str(self.peak), *self.command, *arguments]
        ended = self._ended(preloaded.run(argv, {**self.home, "BOKKO_BILLINGO_URL": url}, f"{KEY}\n"), started)
        unit = 1 if sys.platform == "darwin" else 1024
        return dataclasses.replace(ended, memory=int(self.peak.read_text(encoding="ascii")) * unit)

    def _ended(self, done: subprocess.CompletedProcess[str], started: float) -> EndedCommand:
        assert KEY not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr or "--debug" in done.args
        saved = sorted(path.name for path in Path(self.home["BOKKO_CONFIG_DIR"]).rglob("*.toml"))
        return EndedCommand(done.returncode, done.stdout, done.stderr, time.monotonic() - started, saved)


@pytest.fixture
def bokko(command: list[str], home: dict[str, str], tmp_path: Path) -> Bokko:
    return Bokko(command, home, tmp_path / "peak")


def parts() -> servers.ScriptedAnswer:
    """Nine megabytes of valid JSON that would fill a gigabyte."""
    return raw_answer(200, b'{"data": [' + b"[]," * (3 * MEGABYTE) + b"[]]}")


def wide() -> servers.ScriptedAnswer:
    """Nine megabytes of valid JSON that is four times as much as text, packed small."""
    text = b'{"data": "' + b"x" * (9 * MEGABYTE) + "\U0001f600".encode() + b'"}'
    return raw_answer(200, gzip.compress(text), {"Content-Encoding": "gzip"})


@pytest.mark.parametrize(
    ("answer", "code", "words"),
    [
        pytest.param(Reset(), "unreachable", "the connection was lost", id="reset"),
        pytest.param(Endless(), "unexpected_answer", "longer than", id="endless"),
        pytest.param(gzip_bomb(60 * MEGABYTE), "unexpected_answer", "longer than", id="gzip bomb"),
        pytest.param(raw_answer(200, b"[" * 200_000), "unexpected_answer", "", id="deep"),
        pytest.param(
            raw_answer(200, b"<html>Log in"),
            "unexpected_answer",
            "instead of Billingo's answer (HTTP 200)",
            id="portal",
        ),
        pytest.param(
            raw_answer(401, b"<html>Log in"),
            "unexpected_answer",
            "instead of Billingo's answer (HTTP 401)",
            id="portal 401",
        ),
        pytest.param(redirect("http://127.0.0.1:1/"), "unexpected_answer", "a redirect (HTTP 302)", id="redirect"),
        pytest.param(json_answer(429, {}, {"Retry-After": "3600"}), "unreachable", "asks to wait 1:00:00", id="busy"),
        pytest.param(error_answer(500, "Oh.", trace_id="664b218f"), "unreachable", "Trace id: 664b218f", id="500"),
    ],
)
def test_server_that_makes_no_sense_is_exit_6_and_nothing_is_saved(
    bokko: Bokko, answer: servers.ScriptedAnswer, code: str, words: str
) -> None:
    with Server(lambda _: answer) as server:
        ended = bokko.measured(f"{server.url}/v3", *CONNECT)
    assert (ended.code, ended.error["code"]) == (6, code)
    assert words in ended.error["message"]
    assert "key" not in ended.error["message"]
    assert ended.error["fix"]
    assert ended.saved == []
    assert ended.memory < MOST_MEMORY
    assert ended.seconds < 20


@pytest.mark.parametrize(
    ("answer", "words"), [(parts(), "has too many parts"), (wide(), "has no list of rows")], ids=["many parts", "wide"]
)
def test_answer_that_would_fill_the_memory_does_not(bokko: Bokko, answer: servers.ScriptedAnswer, words: str) -> None:
    fake = FakeBillingo(override={"/document-blocks": answer})
    with Server(fake.answer) as server:
        ended = bokko.measured(f"{server.url}/v3", *CONNECT)
    assert (ended.code, ended.saved) == (6, [])
    assert words in ended.error["message"]
    assert ended.memory < MOST_MEMORY


def test_nobody_there_is_exit_6_at_once(bokko: Bokko) -> None:
    with nobody_listening() as url:
        ended = bokko.run(f"{url}/v3", *CONNECT)
    assert (ended.code, ended.error["code"]) == (6, "unreachable")
    assert "the connection failed" in ended.error["message"]
    assert ended.saved == []
    assert ended.seconds < 10


@pytest.mark.parametrize(("status", "code"), [(401, "key_rejected"), (402, "no_api_access"), (403, "no_permission")])
def test_refusal_of_any_request_is_exit_4_and_nothing_is_saved(bokko: Bokko, status: int, code: str) -> None:
    fake = FakeBillingo(override={"/document-blocks": error_answer(status, "x"), "/bank-accounts": Reset()})
    with Server(fake.answer) as server:
        ended = bokko.run(f"{server.url}/v3", *CONNECT)
    assert (ended.code, ended.error["code"], ended.saved) == (4, code, [])


def test_trouble_that_passes_is_told_and_logged_without_the_key(bokko: Bokko) -> None:
    fake = FakeBillingo()
    stumbling = in_turn(error_answer(500, "x"), json_answer(200, fake.organization))
    fake.override["/organization"] = stumbling
    with Server(fake.answer) as server:
        ended = bokko.run(f"{server.url}/v3", *CONNECT, "--debug")
    assert ended.code == 0, ended.err
    assert "Billingo answered 500; trying again in " in ended.err
    for line in (
        f"bokko.client: GET {server.url}/v3/organization: 500 in ",
        f"bokko.client: GET {server.url}/v3/organization: 200 in ",
        f"bokko.client: GET {server.url}/v3/document-blocks?type=invoice&page=1&per_page=100: 200 in ",
        "bokko.client: Billingo answered 500: attempt 2 in ",
    ):
        assert line in ended.err


def test_debug_shows_why_and_never_the_key(bokko: Bokko) -> None:
    with Server(lambda _: Reset()) as server:
        ended = bokko.run(f"{server.url}/v3", *CONNECT, "--debug")
    assert ended.code == 6
    assert "ReadError after" in ended.err
    assert "ends with Unreachable (unreachable), exit code 6" in ended.err
    assert "Traceback" not in ended.err


def test_proxy_of_the_environment_is_not_asked_for_this_machine(bokko: Bokko) -> None:
    with nobody_listening() as proxy, Server(FakeBillingo().answer) as server:
        ended = bokko.run(f"{server.url}/v3", *CONNECT, HTTP_PROXY=proxy, http_proxy=proxy, ALL_PROXY=proxy)
    assert ended.code == 0, ended.err


def test_stored_key_goes_to_no_other_endpoint(bokko: Bokko) -> None:
    elsewhere = "https://billingo.invalid/v3"
    with Server(FakeBillingo().answer) as server, Server(lambda _: raw_answer(502, b"")) as proxy:
        assert bokko.run(f"{server.url}/v3", *CONNECT).code == 0
        before = len(server.seen)
        for arguments in (
            ("billingo", "status", "--check", "--json"),
            ("billingo", "blocks", "--json"),
            ("billingo", "configure", "--no-input", "--json"),
        ):
            ended = bokko.run(elsewhere, *arguments, HTTPS_PROXY=proxy.url)
            assert (ended.code, ended.error["code"]) == (2, "endpoint_refused")
        assert len(server.seen) == before
        assert proxy.seen == []


def test_sandbox_key_is_sent_nowhere_else(bokko: Bokko) -> None:
    with Server(lambda _: raw_answer(502, b"")) as proxy:
        ended = bokko.run("https://billingo.invalid/v3", *CONNECT, key="sandbox-ready", HTTPS_PROXY=proxy.url)
        assert proxy.seen == []
    assert (ended.code, ended.error["code"], ended.saved) == (2, "endpoint_refused", [])


def test_key_for_https_goes_through_the_proxy_without_being_shown_to_it(bokko: Bokko) -> None:
    with Server(lambda _: raw_answer(502, b"")) as proxy:
        ended = bokko.run("https://billingo.invalid/v3", *CONNECT, HTTPS_PROXY=proxy.url)
        assert {seen.method for seen in proxy.seen} == {"CONNECT"}
        assert KEY not in repr(proxy.seen)
    assert (ended.code, ended.error["code"]) == (6, "unreachable")
    assert "the proxy set in HTTPS_PROXY refused" in ended.error["message"]


def test_debug_logs_what_failed_and_never_in_the_words_of_a_proxy(bokko: Bokko) -> None:
    with Server(lambda _: Verbatim(b"HTTP/1.1 407 No \x1b[31mway\r\n\r\n")) as proxy:
        ended = bokko.run("https://billingo.invalid/v3", *CONNECT, "--debug", HTTPS_PROXY=proxy.url)
    assert ": ProxyError after " in ended.err
    assert "[31mway" not in ended.err


@pytest.mark.parametrize("arguments", [("blocks",), ("status", "--check"), ("configure", "--vat", "0"), ("activate",)])
def test_stored_key_goes_to_no_other_loopback_address(bokko: Bokko, arguments: tuple[str, ...]) -> None:
    with Server(FakeBillingo().answer) as server, Server(FakeBillingo().answer) as other:
        assert bokko.run(f"{server.url}/v3", *CONNECT).code == 0
        ended = bokko.run(f"{other.url}/v3", "billingo", *arguments, "--json")
        assert other.seen == []
        assert (ended.code, ended.error["code"]) == (2, "endpoint_refused")
        assert bokko.run(f"{server.url}/v3/", "billingo", *arguments, "--json").code == 0


def test_sandbox_key_goes_to_any_loopback_address(bokko: Bokko) -> None:
    fake = FakeBillingo(key="sandbox-ready")
    with Server(fake.answer) as server:
        assert bokko.run(f"{server.url}/v3", *CONNECT, key=fake.key).code == 0
    with Server(fake.answer) as other:
        assert bokko.run(f"{other.url}/v3", "billingo", "blocks", "--json").code == 0
        assert other.seen
