"""All that can leave the program: one table for each provider, kept on the last step out and read from the source."""

import ast
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import httpx
import pytest

import bokko_cli
from bokko_cli.deadline import Deadline
from bokko_cli.model.apikey import ApiKey
from bokko_cli.network.client import Client
from bokko_cli.network.request_gate import NotPermitted, Permitted
from bokko_cli.providers.billingo import allowed_requests as billingo
from bokko_cli.providers.szamlazz import allowed_requests as szamlazz
from bokko_cli.providers.szamlazz.look_up import look_up_xml
from bokko_cli.providers.tables import SPECS
from tests.servers import Server, json_answer

PACKAGE = Path(str(bokko_cli.__file__)).parent
HOME = "https://api.billingo.hu/v3"
QUIET = {"type": "draft", "settings": {"should_send_email": False}}
OURS = {"name": "BOKKO rehearsal 0123456789abcdef"}


class Wire(httpx.BaseTransport):
    """Where the network would begin."""

    def __init__(self) -> None:
        self.sent: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.sent.append(request)
        return httpx.Response(200)


def leaves(request: httpx.Request, home: str = HOME) -> bool:
    wire = Wire()
    with Permitted(wire, home, billingo.REQUESTS) as transport, suppress(NotPermitted):
        transport.handle_request(request)
    return bool(wire.sent)


def asked(method: str, path: str, value: object = None, home: str = HOME) -> httpx.Request:
    return httpx.Request(method, home + path, json=value)


def test_table_says_all_that_is_sent_to_each_provider() -> None:
    assert [permit[:2] for permit in billingo.READS] == [
        ("GET", "/organization"),
        ("GET", "/document-blocks"),
        ("GET", "/bank-accounts"),
        ("GET", "/currencies"),
        ("GET", "/partners"),
        ("GET", "/partners/[1-9][0-9]*"),
        ("GET", "/documents/[1-9][0-9]*"),
        ("GET", "/documents/vendor/bokko-rehearsal-[0-9a-f]{16}"),
    ]
    assert [permit[:2] for permit in billingo.WRITES] == [
        ("POST", "/partners"),
        ("POST", "/documents"),
        ("DELETE", "/partners/[1-9][0-9]*"),
        ("DELETE", "/documents/[1-9][0-9]*"),
    ]
    assert [*billingo.READS, *billingo.WRITES] == [*billingo.REQUESTS]
    assert [permit[:2] for permit in szamlazz.REQUESTS] == [("POST", "/")]


LEAVING = [
    asked("GET", "/organization"),
    asked("GET", "/document-blocks?type=invoice&page=1"),
    asked("GET", "/documents/90001"),
    asked("GET", "/documents/vendor/bokko-rehearsal-0123456789abcdef"),
    asked("POST", "/partners", {}),
    asked("POST", "/partners", OURS),
    asked("POST", "/documents", QUIET | {"block_id": 1}),
    asked("DELETE", "/partners/1"),
    asked("DELETE", "/documents/90001"),
    asked("GET", "/organization", home="https://API.billingo.hu:443/v3"),
]


@pytest.mark.parametrize("request_", LEAVING, ids=lambda request: f"{request.method} {request.url}")
def test_what_stands_in_the_table_leaves(request_: httpx.Request) -> None:
    assert leaves(request_)


@pytest.mark.parametrize(
    "home", [f"{HOME}/", f"{HOME}//", "http://127.0.0.1:1", "http://127.0.0.1:1/", "http://[::1]:1/X"]
)
def test_address_of_any_shape_is_a_home(home: str) -> None:
    assert leaves(asked("GET", "/organization", home=home.rstrip("/")), home)
    assert not leaves(asked("GET", "/organizations", home=home.rstrip("/")), home)


def test_what_stays_is_named() -> None:
    wire = Wire()
    with pytest.raises(NotPermitted) as caught:
        Permitted(wire, HOME, billingo.REQUESTS).handle_request(asked("PUT", "/documents/90001", QUIET))
    assert (str(caught.value), wire.sent) == ("PUT https://api.billingo.hu/v3/documents/90001", [])


STAYING = [
    asked("PUT", "/documents/90001", QUIET),
    asked("PATCH", "/documents/90001", QUIET),
    asked("PUT", "/partners/1", OURS),
    asked("put", "/documents/90001"),
    asked("POST", "/documents/90001/copy", {}),
    asked("POST", "/documents/90001/send", {}),
    asked("POST", "/documents/90001/archive", {}),
    asked("POST", "/documents/90001", QUIET),
    asked("POST", "/documents/receipt", QUIET),
    asked("POST", "/documents/", QUIET),
    asked("POST", "/documents?type=invoice", QUIET),
    asked("POST", "/document-blocks", {}),
    asked("POST", "/partners/guess", {}),
    asked("POST", "/partners/1", {}),
    asked("DELETE", "/document-blocks/1"),
    asked("DELETE", "/bank-accounts/1"),
    asked("DELETE", "/documents"),
    asked("DELETE", "/documents/"),
    asked("DELETE", "/documents/0"),
    asked("DELETE", "/documents/-5"),
    asked("DELETE", "/documents/01"),
    asked("DELETE", "/documents/1/payments"),
    asked("DELETE", "/documents/1?force=1"),
    asked("DELETE", "/documents/1%2F..%2F2"),
    asked("DELETE", "/partners/1%0A"),
    asked("DELETE", "/partners/\N{ARABIC-INDIC DIGIT ONE}"),
    asked("GET", "/documents/90001/download"),
    asked("GET", "/documents/90001/public-url"),
    asked("GET", "/documents/vendor/of-somebody-else"),
    asked("GET", "/documents/vendor/bokko-rehearsal-0123456789abcdef/x"),
    asked("GET", "/documents"),
    asked("GET", ""),
    asked("HEAD", "/organization"),
    asked("OPTIONS", "/organization"),
    asked("GET", "/organization", home="https://api.billingo.hu/v2"),
    asked("GET", "/organization", home="https://api.billingo.hu/v3/v3"),
    asked("GET", "/organization", home="http://api.billingo.hu/v3"),
    asked("GET", "/organization", home="https://api.billingo.hu:444/v3"),
    asked("GET", "/organization", home="https://api.billingo.hu.example/v3"),
]


@pytest.mark.parametrize("request_", STAYING, ids=lambda request: f"{request.method} {request.url}")
def test_what_stands_in_no_table_stays(request_: httpx.Request) -> None:
    assert not leaves(request_)


NO_QUIET_DRAFTS: list[object] = [
    *({**QUIET, "type": kind} for kind in ("invoice", "proforma", "advance", "Draft", "draft ", None, ["draft"], True)),
    {"settings": QUIET["settings"]},
    {"type": "draft"},
    {**QUIET, "settings": {}},
    {**QUIET, "settings": None},
    {**QUIET, "settings": {"should_send_email": True}},
    {**QUIET, "settings": {"should_send_email": False, "online_payment": "Barion"}},
    [QUIET],
    [],
    "draft",
    None,
]


@pytest.mark.parametrize("value", NO_QUIET_DRAFTS, ids=str)
def test_document_that_is_no_quiet_draft_stays(value: object) -> None:
    assert not leaves(asked("POST", "/documents", value))


@pytest.mark.parametrize("value", [{"name": "Somebody Kft."}, {"name": None}, {"address": {}}, [], [{}], "", 0, None])
def test_partner_that_is_none_of_ours_stays(value: object) -> None:
    assert not leaves(asked("POST", "/partners", value))


FORM = {szamlazz.QUERY: ("x.xml", look_up_xml(ApiKey("key")), "text/xml")}
FORMS: dict[str, tuple[Mapping[str, tuple[str, bytes, str]], bool]] = {
    "the look-up": (FORM, True),
    "another field": ({"action-xmlagentxmlfile": FORM[szamlazz.QUERY]}, False),
    "another document": ({szamlazz.QUERY: ("x.xml", b"<xmlszamla ", "text/xml")}, False),
    "a second field": (FORM | {"action-xmlagentxmlfile": ("x.xml", b"<xmlszamla ", "text/xml")}, False),
    "a second field in front": ({"action-xmlagentxmlfile": ("x.xml", b"<xmlszamla ", "text/xml")} | FORM, False),
}


@pytest.mark.parametrize(("form", "is_leaving"), FORMS.values(), ids=FORMS)
def test_form_is_a_look_up_or_stays(form: Mapping[str, tuple[str, bytes, str]], is_leaving: bool) -> None:
    wire = Wire()
    transport = Permitted(wire, SPECS["szamlazz"].endpoint, szamlazz.REQUESTS)
    request = httpx.Request("POST", SPECS["szamlazz"].endpoint, files=form)
    try:
        transport.handle_request(request)
    except NotPermitted:
        assert not is_leaving
    assert bool(wire.sent) is is_leaving


SLIPS: list[Callable[[Client], object]] = [
    lambda client: client.post_json("/documents", {"type": "invoice"}),
    lambda client: client.post_json("/documents/1/copy", {}),
    lambda client: client.post_json("/partners/guess", {}),
    lambda client: client.delete("/document-blocks/1"),
    lambda client: client.get("/documents/1/download"),
    lambda client: client.post_file("/documents", "file", b"<x/>"),
]


@pytest.mark.parametrize("slip", SLIPS)
def test_client_sends_nothing_else_whoever_asks_it_to(slip: Callable[[Client], object]) -> None:
    with Server(lambda _: json_answer(200, {})) as server:
        client = Client(server.url, "Billingo", billingo.REQUESTS, {}, Deadline(5), lambda _: None)
        with pytest.raises((NotPermitted, ValueError)):
            slip(client)
        client.close()
        assert server.seen == []


def test_each_provider_has_a_table_and_hands_it_to_its_client() -> None:
    made = {
        (path.parent.name, ast.unparse(call.args[2]))
        for path, call in _calls()
        if isinstance(call.func, ast.Name) and call.func.id == "Client"
    }
    assert made == {*((provider, "REQUESTS") for provider in SPECS), ("network", "()")}
    assert all(import_module(spec.module) for spec in SPECS.values())


IMPORTERS = {
    "Client": {
        "providers/billingo/provider.py", "providers/billingo/rehearsal.py", "providers/billingo/writes.py",
        "providers/szamlazz/provider.py",
    },
    "Permit": {
        "network/client.py", "network/probe.py", "network/transport.py",
        "providers/billingo/allowed_requests.py", "providers/szamlazz/allowed_requests.py",
    },
    "transport_to": {"network/client.py", "network/probe.py"},
    "Permitted": {"network/transport.py"},
}  # fmt: skip
"""Who may take what lets a request out: by its own name, from its own module."""


@pytest.mark.parametrize("name", IMPORTERS)
def test_what_lets_requests_out_is_known_to_few(name: str) -> None:
    imports = [(path, node) for path in _sources() for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path, node in imports
        if isinstance(node, ast.ImportFrom) and any(alias.name == name for alias in node.names)
    }
    assert found == IMPORTERS[name]
    modules = [alias for _, node in imports if isinstance(node, ast.Import) for alias in node.names]
    assert not [alias.name for alias in modules if alias.name.startswith("bokko_cli")]


def test_permits_are_made_where_they_can_be_read() -> None:
    made = {
        (path.relative_to(PACKAGE).as_posix(), ast.unparse(call.func))
        for path, call in _calls()
        if ast.unparse(call.func).rpartition(".")[2] == "Permit"
    }
    assert made == {
        ("network/probe.py", "Permit"),
        ("providers/billingo/allowed_requests.py", "Permit"),
        ("providers/szamlazz/allowed_requests.py", "Permit"),
    }
    probing = (PACKAGE / "network/probe.py").read_text("utf-8")
    assert probing.count("Permit(") == 1
    assert '_PERMITS = (Permit("GET", "/*"),)' in probing


def test_one_module_makes_what_sends_and_sends_by_the_table() -> None:
    assert {(path.name, name) for path, name in _names_of_httpx() if name in SENDING} == {
        ("transport.py", "HTTPTransport")
    }
    source = (PACKAGE / "network/transport.py").read_text("utf-8")
    (opens,) = re.findall(r"(?m)^def transport_to.*?^def ", source, re.DOTALL)
    assert "return Permitted(_any_transport_to(" in opens
    assert source.count("_any_transport_to(") == 2


SENDING = {
    *("HTTPTransport", "AsyncHTTPTransport", "Client", "AsyncClient", "WSGITransport", "ASGITransport"),
    *("request", "get", "head", "options", "post", "put", "patch", "delete", "stream"),
}


def test_library_is_named_and_never_handed_on() -> None:
    """What is only reached by its name can be listed: no alias, no getattr, no import by a text."""
    for path in _sources():
        tree = ast.parse(path.read_text("utf-8"))
        taken = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            assert not (isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in {"httpx", "httpcore"}), (
                path
            )
            if isinstance(node, ast.Import):
                assert not [alias for alias in node.names if alias.asname and alias.name.startswith("http")], path
            if isinstance(node, ast.Name) and node.id == "httpx":
                assert id(node) in taken, path
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and path.name != "debugging.py":
                assert node.value not in {"httpx", "httpcore"}, path


WAYS_OUT = re.compile(
    r"(socket|ssl|http\.client|urllib\.request|httpx|httpcore|httpx_retries|h11|requests|urllib3|asyncio|smtplib|ftplib"
    r"|xmlrpc.*|telnetlib|subprocess|ctypes|_socket|_ssl|pty|webbrowser|multiprocessing.*|http\.server|socketserver)"
)


def test_nothing_else_opens_a_way_out() -> None:
    found = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for path in _sources()
        if "sandbox" not in path.relative_to(PACKAGE).parts
        for name in _imported(path)
        if WAYS_OUT.fullmatch(name)
    }
    assert found == OPEN


OPEN = {
    ("commands/shared/process.py", "subprocess"),
    ("prompter/terminal.py", "asyncio"),
    ("network/proxy.py", "urllib.request"),
    *((f"network/{module}.py", "httpx") for module in ("body", "client", "exchange", "request_gate", "probe", "proxy")),
    *((f"network/{module}.py", "httpx") for module in ("retry", "transport")),
    *((f"network/{module}.py", "httpx_retries") for module in ("client", "retry")),
    *((f"network/{module}.py", name) for module in ("probe", "transport") for name in ("socket", "ssl")),
}


def test_names_are_looked_up_and_proxies_read_but_no_socket_is_opened() -> None:
    used = {
        (node.value.id, node.attr)
        for path in _sources()
        if "sandbox" not in path.relative_to(PACKAGE).parts
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "socket"
    }
    assert used == {("socket", "getaddrinfo"), ("socket", "gaierror"), ("socket", "SOCK_STREAM")}
    assert {name for name in _imported(PACKAGE / "network/proxy.py") if name.startswith("urllib.request.")} == {
        "urllib.request.getproxies",
        "urllib.request.proxy_bypass",
    }


def _sources() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def _calls() -> Iterator[tuple[Path, ast.Call]]:
    for path in _sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                yield path, node


def _names_of_httpx() -> Iterator[tuple[Path, str]]:
    for path in _sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "httpx":
                yield path, node.attr


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_bodies_are_judged_as_they_go_over_the_wire() -> None:
    twice = b'{"type": "draft", "settings": {"should_send_email": false}, "type": "invoice"}'
    assert not leaves(httpx.Request("POST", f"{HOME}/documents", content=twice))
    assert leaves(httpx.Request("POST", f"{HOME}/documents", content=json.dumps(QUIET).encode()))
