"""What is sent to Számlázz.hu: one harmless look-up for each key, and never so often that the account gets banned."""

import email
import email.policy
import time
from email.message import MIMEPart
from xml.etree import ElementTree as ET

import pytest

from bokko_cli.cli.assembly import context_of, output_of
from bokko_cli.cli.run import Globals, Run
from bokko_cli.deadline import Deadline
from bokko_cli.errors import AskedTooOften, BokkoError, KeyRejected, Unreachable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Organization
from bokko_cli.providers.szamlazz.provider import MOST_CALLS, Calls, Szamlazz
from bokko_cli.sandbox.server import Sandbox
from tests.servers import Hang, Reset, ScriptedAnswer, Seen, Server, in_turn, nobody_listening, raw_answer

KEY = ApiKey("k" * 42)
OTHER = ApiKey("o" * 42)
GOOD = raw_answer(200, b"<xmlszamlavalasz><hibakod>7</hibakod></xmlszamlavalasz>")
REFUSED = raw_answer(200, b"<xmlszamlavalasz><hibakod>3</hibakod></xmlszamlavalasz>")
QUERY = "{http://www.szamlazz.hu/xmlszamlaxml}"


def survey(endpoint: str, key: ApiKey, calls: Calls, told: list[str] | None = None) -> Organization | BokkoError:
    provider = Szamlazz(endpoint, key, Deadline(), (told if told is not None else []).append, calls)
    try:
        found = provider.survey()
    finally:
        provider.close()
    assert found.choices == {}
    assert set(found.seconds) <= {"organization"}
    return found.organization


def asked(keys: list[ApiKey], *answers: ScriptedAnswer) -> tuple[list[Organization | BokkoError], list[Seen]]:
    """Return what came of each key, in one command, and all that was sent."""
    calls = Calls()
    with Server(in_turn(*answers)) as server:
        return [survey(server.url, key, calls) for key in keys], server.seen


def parts(request: Seen) -> list[MIMEPart]:
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.body, policy=email.policy.HTTP)
    return list(message.iter_parts())


def sent_xml(request: Seen) -> ET.Element:
    (part,) = parts(request)
    return ET.fromstring(part.get_payload(decode=True))  # type: ignore[arg-type]  # noqa: S314  # bytes of our own


def test_probe_is_one_file_that_asks_for_a_document_that_cannot_exist() -> None:
    _, (request,) = asked([KEY], GOOD)
    (part,) = parts(request)
    assert (request.method, request.path, request.query) == ("POST", "/", {})
    assert part["Content-Disposition"].params["name"] == "action-szamla_agent_xml"
    assert (part.get_filename(), part.get_content_type()) == ("action-szamla_agent_xml.xml", "application/xml")
    assert request.headers["accept"] == "*/*"
    root = sent_xml(request)
    assert root.tag == f"{QUERY}xmlszamlaxml"
    assert [child.tag for child in root] == [
        f"{QUERY}{name}" for name in ("szamlaagentkulcs", "pdf", "szamlaKulsoAzon")
    ]
    key, pdf, number = (child.text for child in root)
    assert (key, pdf) == (KEY.reveal(), "false")
    assert str(number).startswith("bokko:connect-probe:")


def test_each_probe_asks_for_another_document() -> None:
    _, requests = asked([KEY, OTHER], GOOD)
    first, second = (sent_xml(request)[2].text for request in requests)
    assert first != second


def test_address_ends_in_one_slash() -> None:
    with Server(in_turn(GOOD)) as server:
        survey(f"{server.url}/szamla", KEY, Calls())
        assert [request.path for request in server.seen] == ["/szamla/"]


@pytest.mark.parametrize("key", ["<&>\"']]>", "</szamlaagentkulcs><pdf>true</pdf>", "<![CDATA[x", "&amp;&#55;", "<!--"])
def test_key_with_signs_of_xml_arrives_as_it_is(key: str) -> None:
    found, (request,) = asked([ApiKey(key)], GOOD)
    assert found == [Organization()]
    root = sent_xml(request)
    assert [len(child) for child in root] == [0, 0, 0]
    assert root[0].text == key


def test_key_stands_in_the_file_only() -> None:
    _, (request,) = asked([KEY], GOOD)
    assert KEY.reveal() not in f"{request.path} {request.query} {request.headers}"


@pytest.mark.parametrize("answer", [GOOD, REFUSED])
def test_key_that_was_answered_is_not_sent_again(answer: ScriptedAnswer) -> None:
    found, requests = asked([KEY, KEY, KEY], answer)
    assert len(requests) == 1
    assert {type(outcome) for outcome in found} == {type(found[0])}


def test_each_distinct_key_is_sent_once() -> None:
    found, requests = asked([KEY, OTHER, KEY], REFUSED, GOOD)
    assert [type(outcome) for outcome in found] == [KeyRejected, Organization, KeyRejected]
    assert [sent_xml(request)[0].text for request in requests] == [KEY.reveal(), OTHER.reveal()]


def test_network_error_is_followed_by_one_more_call_that_is_announced() -> None:
    told: list[str] = []
    with Server(in_turn(Reset(), GOOD)) as server:
        assert survey(server.url, KEY, Calls(), told) == Organization()
        assert len(server.seen) == 2
    assert [line for line in told if "once more" in line] == told
    assert len(told) == 1


def test_second_network_error_is_the_last_word() -> None:
    found, requests = asked([KEY], Reset())
    assert isinstance(found[0], Unreachable)
    assert len(requests) == 2


def test_network_error_at_the_fourth_call_is_told_as_it_is() -> None:
    told: list[str] = []
    with Server(in_turn(Reset())) as server:
        assert isinstance(survey(server.url, KEY, Calls(left=1), told), Unreachable)
        assert len(server.seen) == 1
    assert told == []


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_answer_of_a_busy_server_is_never_followed_by_another_call(status: int) -> None:
    found, requests = asked([KEY], raw_answer(status, b"", {"Retry-After": "0"}), GOOD)
    assert isinstance(found[0], Unreachable)
    assert len(requests) == 1


@pytest.mark.parametrize(
    ("answer", "keys"),
    [
        (REFUSED, [ApiKey(f"{number:042}") for number in range(9)]),
        (raw_answer(503, b""), [KEY] * 9),
        (Reset(), [KEY] * 9),
    ],
)
def test_no_command_asks_more_than_four_times(answer: ScriptedAnswer, keys: list[ApiKey]) -> None:
    found, requests = asked(keys, answer)
    assert len(requests) == MOST_CALLS == 4
    assert isinstance(found[-1], AskedTooOften)
    assert "banned" in found[-1].message


def test_calls_that_never_arrive_count_too() -> None:
    calls = Calls()
    with nobody_listening() as url:
        outcomes = [survey(url, KEY, calls) for _ in range(3)]
    assert calls.left == 0
    assert [type(outcome) for outcome in outcomes] == [Unreachable, Unreachable, AskedTooOften]


def test_calls_of_one_connection_count_together_however_often_it_is_opened() -> None:
    run = Run(Globals())
    scope = context_of(run, output_of(run)).at("szamlazz")
    outcomes = []
    with nobody_listening() as url:
        for key in (KEY, OTHER, KEY):
            provider = scope.open_provider(url, key, lambda _: None)
            outcomes.append(type(provider.survey().organization))
            provider.close()
    assert outcomes == [Unreachable, Unreachable, AskedTooOften]


def test_no_call_begins_after_the_deadline() -> None:
    with Server(in_turn(GOOD)) as server:
        provider = Szamlazz(server.url, KEY, Deadline(0.0), lambda _: None, Calls())
        assert isinstance(provider.survey().organization, Unreachable)
        provider.close()
        assert server.seen == []


def test_silent_server_is_left_at_the_deadline_and_not_called_again() -> None:
    with Server(in_turn(Hang())) as server:
        provider = Szamlazz(server.url, KEY, Deadline(0.5), lambda _: None, Calls())
        began = time.monotonic()
        assert isinstance(provider.survey().organization, Unreachable)
        assert time.monotonic() - began < 5
        provider.close()
        assert len(server.seen) == 1


def test_nothing_is_listed() -> None:
    provider = Szamlazz("http://127.0.0.1:1", KEY, Deadline(), lambda _: None, Calls())
    assert provider.listed("bank_account") == ()
    provider.close()


@pytest.mark.parametrize(
    ("key", "kind"),
    [("sandbox-ready", "Organization"), ("sandbox-invalid", "KeyRejected"), ("sandbox-unpaid", "NoApiAccess"),
     ("sandbox-down", "Unreachable"), ("nobody", "KeyRejected"), ("<&", "KeyRejected")],
)  # fmt: skip
def test_sandbox_and_provider_understand_each_other(key: str, kind: str) -> None:
    with Sandbox() as sandbox:
        found = survey(sandbox.szamlazz_url.rstrip("/"), ApiKey(key), Calls())
    assert type(found).__name__ == kind
