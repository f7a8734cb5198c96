"""Which address may be asked, and which key may go there."""

from collections.abc import Callable
from ipaddress import ip_address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bokko_cli.errors import BokkoError, EndpointRefused
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.endpoint import (
    checked_endpoint,
    checked_stored_endpoint,
    is_loopback,
    is_same_endpoint,
    may_go_to,
    refuse_to_leave,
)
from bokko_cli.network.client import warm_up
from bokko_cli.network.proxy import proxy_for
from tests.contract.plain_client import SECRET, get


@pytest.mark.parametrize("host", ["a" * 64 + ".hu", "a..hu", "xn--a.hu", "\u2024.hu"])
@pytest.mark.parametrize("use", [get, warm_up])
def test_host_that_cannot_exist_is_refused(host: str, use: Callable[[str], object]) -> None:
    with pytest.raises(BokkoError) as caught:
        use(checked_endpoint(f"https://{host}/v3", "BOKKO_BILLINGO_URL"))
    assert isinstance(caught.value, EndpointRefused)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://api.billingo.hu/v3", "https://api.billingo.hu/v3"),
        (" https://api.billingo.hu/v3/ ", "https://api.billingo.hu/v3/"),
        ("HTTPS://api.billingo.hu", "HTTPS://api.billingo.hu"),
        ("http://127.0.0.1:8080/v3", "http://127.0.0.1:8080/v3"),
        ("http://127.9.9.9", "http://127.9.9.9"),
        ("http://[::1]:1", "http://[::1]:1"),
        ("http://localhost:1/", "http://localhost:1/"),
        ("https://[2001:db8::1]/v3", "https://[2001:db8::1]/v3"),
    ],
)
def test_https_and_loopback_addresses_are_taken(url: str, expected: str) -> None:
    assert checked_endpoint(url, "X") == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "api.billingo.hu",
        "//api.billingo.hu",
        "https://",
        "https:///v3",
        "https:api.billingo.hu",
        "http://api.billingo.hu",
        "ftp://127.0.0.1",
        "file:///etc/passwd",
        "http://127.0.0.1.evil.hu",
        "http://localhost.evil.hu",
        "http://127.1",
        "http://2130706433",
        "http://0.0.0.0",
        "http://localhost@evil.hu",
        "http://evil.hu#@127.0.0.1",
        "http://127.0.0.1\\@evil.hu",
        "http://evil.hu\\@127.0.0.1",
        "https://api.billingo.hu\\evil.hu",
        "https://user:pass@api.billingo.hu",
        "https://@api.billingo.hu",
        "https://api.billingo.hu?x=1",
        "https://api.billingo.hu?",
        "https://api.billingo.hu/#",
        "https://api.billingo.hu:99999",
        "https://api.billingo.hu:port",
        "https://api.billingo.hu/v3 x",
        "https://api.bill\ningo.hu",
        "https://api.bill\tingo.hu",
        "https://api.bill\0ingo.hu",
        "https://api.billingo.hu/\x1b[31m",
        "https://api.billingo.hu/\u202e",
        "https://[::1",
        "https://[zz]",
    ],
)
def test_other_addresses_are_refused_by_the_name_of_their_variable(url: str) -> None:
    with pytest.raises(EndpointRefused) as caught:
        checked_endpoint(url, "BOKKO_BILLINGO_URL")
    assert caught.value.message.startswith("BOKKO_BILLINGO_URL ")
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("checked", [lambda url: checked_endpoint(url, "BOKKO_BILLINGO_URL"), checked_stored_endpoint])
@pytest.mark.parametrize(
    "form", ["{}", " {} ", "https:{}", "{}://", "{}:{}", "http://user:{}@api.billingo.hu/v3", "ftp://host/{}",
             "http://host/v3?key={}", "https://user:{}@host/v3", "https://host/v3?key={}", "https://host/v3#{}"],
)  # fmt: skip
def test_key_in_the_place_of_an_address_is_not_repeated(checked: Callable[[str], str], form: str) -> None:
    key = "63faa428-9044-11ea-8ed0-0242ac120005"
    with pytest.raises(EndpointRefused) as caught:
        checked(form.format(key, key))
    assert key not in caught.value.message + caught.value.fix


@given(
    st.sampled_from(["http://", "https://", "HTTP://", "http:/", "http:", ""]),
    st.lists(
        st.sampled_from(["127.0.0.1", "localhost", "evil.hu", "[::1]", *"@:#?/\\.%;&= 0", "%40", "%2e", "\t", "。"]),
        max_size=6,
    ),
)
def test_address_that_is_taken_is_read_alike_by_the_library_that_sends(scheme: str, parts: list[str]) -> None:
    try:
        url = checked_endpoint(scheme + "".join(parts), "X")
        proxy_for(url)
    except EndpointRefused:
        return
    sent_to = httpx.URL(url + "/organization")
    assert sent_to.path.endswith("/organization")
    assert not sent_to.userinfo
    assert sent_to.scheme == "https" or _is_of_this_machine(sent_to.host)
    assert is_loopback(url) == _is_of_this_machine(sent_to.host)


def _is_of_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("https://a.hu/v3", "https://a.hu/v3/", True),
        ("https://a.hu/v3", "https://b.hu/v3", False),
        ("https://a.hu/v3", "https://a.hu", False),
        ("https://a.hu", "https://a.hu:8443", False),
        ("HTTPS://A.hu/v3", "https://a.HU:443/v3/", True),
        ("https://a.hu/V3", "https://a.hu/v3", False),
        ("http://127.0.0.1/v3", "http://127.0.0.1:80/v3", True),
        ("http://127.0.0.1:1", "https://127.0.0.1:1", False),
        ("http://127.0.0.1:1/v3", "http://localhost:1/v3", False),
        ("http://127.0.0.1:1/v3", "http://127.0.0.1:2/v3", False),
        ("http://127.0.0.1:1/v3", "http://127.0.0.2:1/v3", False),
        ("http://127.0.0.1:1/v3", "http://[::1]:1/v3", False),
        ("http://127.0.0.1:1", "https://a.hu", False),
        ("https://a.hu", "http://127.0.0.1:1", False),
    ],
)
def test_stored_key_goes_to_its_own_endpoint_only(one: str, other: str, is_same: bool) -> None:
    assert is_same_endpoint(one, other) is is_same
    assert may_go_to(ApiKey(SECRET), one, other) is is_same


@pytest.mark.parametrize(
    "other", ["http://127.0.0.1:2/v3", "http://localhost:1", "http://[::1]:7/", "https://127.9.9.9"]
)
def test_all_loopback_addresses_are_one_for_sandbox_keys_only(other: str) -> None:
    assert may_go_to(ApiKey("sandbox-ready"), "http://127.0.0.1:1/v3", other)
    assert not may_go_to(ApiKey(SECRET), "http://127.0.0.1:1/v3", other)
    assert not may_go_to(ApiKey(f"x-sandbox-{SECRET}"), "http://127.0.0.1:1/v3", other)
    assert not may_go_to(ApiKey("sandbox-ready"), "https://a.hu/v3", other)
    assert not may_go_to(ApiKey("sandbox-ready"), other, "https://a.hu/v3")


def test_sandbox_key_never_leaves_this_machine() -> None:
    with pytest.raises(EndpointRefused, match="is not sent anywhere"):
        refuse_to_leave(ApiKey("sandbox-ready"), "https://api.billingo.hu/v3")
    refuse_to_leave(ApiKey("sandbox-ready"), "http://127.0.0.1:1/v3")
    refuse_to_leave(ApiKey(SECRET), "https://api.billingo.hu/v3")
