"""Proxies: which one is in force, what it carries, and how its fault is told."""

import ssl
from dataclasses import dataclass

import httpx
import pytest

from bokko_cli.errors import InvalidValue, Unreachable
from bokko_cli.network.proxy import Proxy, proxy_for
from bokko_cli.network.transport import connection_failure
from tests.contract.plain_client import SECRET, get
from tests.servers import Line, Server, json_answer, nobody_listening, raw_answer


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY"])
def test_proxy_never_carries_a_loopback_request(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(lambda _: json_answer(200, {})) as proxy, Server(lambda _: json_answer(200, {"direct": 1})) as server:
        monkeypatch.setenv(name, proxy.url)
        assert b"direct" in get(server.url)
        assert proxy.seen == []
    assert server.seen[0].headers["x-api-key"] == SECRET


@pytest.mark.parametrize("scheme", ["http://", ""])
def test_proxy_for_https_gets_a_tunnel_to_open_and_never_the_key(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(lambda _: raw_answer(407, b"")) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", scheme + proxy.url.removeprefix("http://"))
        with pytest.raises(Unreachable) as caught:
            get("https://billingo.invalid/v3")
        (seen,) = proxy.seen
    assert caught.value.message == "Could not reach Billingo: the proxy set in HTTPS_PROXY refused to connect."
    assert "HTTPS_PROXY" in caught.value.fix
    assert seen.method == "CONNECT"
    assert seen.headers["host"] == "billingo.invalid:443"
    assert SECRET not in repr(seen)


def test_proxy_that_is_not_there_is_told_and_not_the_provider_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    with nobody_listening() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.replace("//", "//user:hidden@"))
        with pytest.raises(Unreachable) as caught:
            get("https://billingo.invalid/v3")
    assert caught.value.message == "Could not reach Billingo: the proxy set in HTTPS_PROXY cannot be reached."
    assert caught.value.fix == "Check HTTPS_PROXY, or add the host to NO_PROXY."


@dataclass(frozen=True)
class TunnelThatBreaks:
    """Opens the tunnel and resets it when something goes in."""

    def send(self, line: Line) -> None:
        line.send(b"HTTP/1.1 200 Open\r\n\r\n")
        line.hear()
        line.reset()


def test_tunnel_that_breaks_is_not_called_a_proxy_that_cannot_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    with Server(lambda _: TunnelThatBreaks()) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with pytest.raises(Unreachable) as caught:
            get("https://billingo.invalid/v3")
    assert caught.value.message == "Could not reach Billingo at https://billingo.invalid/v3: the connection failed."


def test_certificate_behind_a_proxy_is_not_the_proxys_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.invalid:1")
    error = httpx.ConnectError("")
    error.__cause__ = ssl.SSLCertVerificationError()
    assert connection_failure("Billingo", "https://x", error).message.endswith("its certificate is not trusted.")


def test_proxy_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxy_for("https://billingo.invalid") is None
    monkeypatch.setenv("ALL_PROXY", "http://all:1")
    assert proxy_for("https://billingo.invalid") == Proxy("http://all:1", "ALL_PROXY")
    monkeypatch.setenv("HTTPS_PROXY", "one:2")
    assert proxy_for("https://billingo.invalid") == Proxy("http://one:2", "HTTPS_PROXY")
    assert proxy_for("https://127.0.0.1:9") is None
    assert proxy_for("https://[::1]:9") is None
    monkeypatch.setenv("NO_PROXY", "billingo.invalid")
    assert proxy_for("https://billingo.invalid") is None
    assert proxy_for("https://other.invalid") == Proxy("http://one:2", "HTTPS_PROXY")


@pytest.mark.parametrize(
    ("set_to", "in_force"),
    [
        ({"HTTPS_PROXY": "a:1"}, "HTTPS_PROXY"),
        ({"https_proxy": "a:1"}, "https_proxy"),
        ({"Https_Proxy": "a:1"}, "Https_Proxy"),
        ({"ALL_PROXY": "a:1"}, "ALL_PROXY"),
        ({"all_proxy": "a:1"}, "all_proxy"),
        ({"HTTPS_PROXY": "a:1", "https_proxy": "b:2"}, "https_proxy"),
        ({"HTTPS_PROXY": "a:1", "https_proxy": "a:1"}, "https_proxy"),
        ({"ALL_PROXY": "a:1", "https_proxy": "b:2"}, "https_proxy"),
        ({"ALL_PROXY": "a:1", "all_proxy": "b:2"}, "all_proxy"),
        ({"ALL_PROXY": "a:1", "HTTPS_PROXY": "b:2", "https_proxy": ""}, "ALL_PROXY"),
        ({"HTTP_PROXY": "a:1", "ALL_PROXY": "b:2"}, "ALL_PROXY"),
    ],
)
def test_proxy_in_force_is_named_by_its_variable(
    set_to: dict[str, str], in_force: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in set_to.items():
        monkeypatch.setenv(name, value)
    proxy = proxy_for("https://billingo.invalid")
    assert proxy == Proxy(f"http://{set_to[in_force]}", in_force)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
def test_failing_proxy_is_told_by_the_variable_in_force(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://other:1")
    with nobody_listening() as proxy:
        monkeypatch.setenv(name, proxy)
        with pytest.raises(Unreachable) as dead:
            get("https://billingo.invalid/v3")
    with Server(lambda _: raw_answer(407, b"")) as proxy_server:
        monkeypatch.setenv(name, proxy_server.url)
        with pytest.raises(Unreachable) as refusing:
            get("https://billingo.invalid/v3")
    for error in (dead.value, refusing.value):
        assert f"the proxy set in {name} " in error.message
        assert error.fix == f"Check {name}, or add the host to NO_PROXY."


@pytest.mark.parametrize(
    ("excepted", "endpoint", "is_direct"),
    [
        ("billingo.invalid:443", "https://billingo.invalid/v3", True),
        ("BILLINGO.invalid:443", "https://billingo.invalid/v3", True),
        ("billingo.invalid:443", "https://billingo.invalid:443/v3", True),
        ("billingo.invalid:8443", "https://billingo.invalid:8443/v3", True),
        ("billingo.invalid:8443", "https://billingo.invalid/v3", False),
        ("billingo.invalid:443", "https://billingo.invalid:8443/v3", False),
        ("invalid:443", "https://billingo.invalid/v3", True),
        (".invalid:443", "https://billingo.invalid/v3", True),
        ("other.hu, billingo.invalid:443", "https://billingo.invalid/v3", True),
        ("billingo.invalid", "https://billingo.invalid:8443/v3", True),
        ("*", "https://billingo.invalid/v3", True),
        ("illingo.invalid:443", "https://billingo.invalid/v3", False),
        ("2001:db8::1", "https://[2001:db8::1]/v3", True),
        ("[2001:db8::1]", "https://[2001:db8::1]/v3", True),
        ("[2001:db8::1]:443", "https://[2001:db8::1]/v3", True),
        ("[2001:db8::1]:8443", "https://[2001:db8::1]/v3", False),
    ],
)
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_host_is_excepted_with_its_port_too(
    variable: str, excepted: str, endpoint: str, is_direct: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:1")
    monkeypatch.setenv(variable, excepted)
    assert (proxy_for(endpoint) is None) == is_direct


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize(
    "proxy", ["ftp://user:hidden@proxy:1", "quic://hidden", "http://proxy:port", "http://" + "a" * 64]
)
def test_proxy_that_cannot_be_used_is_told_by_its_variable_without_showing_it(
    name: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, proxy)
    with pytest.raises(InvalidValue) as caught:
        get("https://billingo.invalid")
    assert caught.value.message == f"{name} names a proxy that cannot be used."
    assert caught.value.fix == f"Set {name} to an http:// proxy, or unset it."


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("scheme", ["socks", "socks4", "socks4a", "socks5", "socks5h", "SOCKS5", "socks9"])
def test_socks_is_said_not_to_be_supported(name: str, scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, f"{scheme}://user:hidden@127.0.0.1:1080")
    with pytest.raises(InvalidValue) as caught:
        get("https://billingo.invalid")
    assert caught.value.message == f"{name} names a SOCKS proxy, which bokko does not support."
    assert caught.value.fix == f"Set {name} to an http:// proxy, or unset it."


def test_socks_for_everything_else_does_not_matter_where_another_proxy_is_in_force(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ALL_PROXY", "socks5://127.0.0.1:1080")
    with nobody_listening() as proxy:
        monkeypatch.setenv("https_proxy", proxy)
        with pytest.raises(Unreachable, match="the proxy set in https_proxy cannot be reached"):
            get("https://billingo.invalid/v3")
