"""Billingo where it fails, is busy or is not there: one part of the survey takes no other with it."""

import json
from collections.abc import Callable

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.errors import (
    BokkoError,
    NoPermission,
    UnexpectedAnswer,
    Unreachable,
)
from bokko_cli.model.values import Block
from bokko_cli.providers.billingo.provider import Billingo
from tests.contract.billingo_survey import HTML, KEY, PARTS, QUICK, Notices, failure, survey, with_part
from tests.fake_billingo import FakeBillingo, error_answer
from tests.servers import Hang, Reset, ScriptedAnswer, Seen, Server, json_answer, raw_answer, redirect


@pytest.mark.parametrize("status", [429, 500])
@pytest.mark.parametrize(("body", "encoding"), [(b"no gzip", "gzip"), (b"", "gzip"), (b"x", "br")])
def test_busy_and_failing_servers_are_told_whatever_their_body(status: int, body: bytes, encoding: str) -> None:
    error = failure("organization", raw_answer(status, body, {"Content-Encoding": encoding}))
    assert type(error) is Unreachable
    assert error.message.startswith({429: "Billingo is busy", 500: "Billingo could not answer (HTTP 500)."}[status])


@pytest.mark.parametrize("path", ["", "/", "/v2", "/v3/x"])
@pytest.mark.parametrize("body", [b'{"error": {"message": "Not found"}}', HTML, b""])
def test_address_without_its_version_names_the_variable(path: str, body: bytes) -> None:
    with Server(lambda _: raw_answer(404, body)) as server:
        billingo = Billingo(f"{server.url}{path}", KEY, Deadline(30), print, QUICK)
        for error in billingo.survey().failures():
            assert type(error) is UnexpectedAnswer
            assert error.message == f"There is no Billingo at {server.url}{path} (HTTP 404)."
            assert error.fix == "The address in BOKKO_BILLINGO_URL must end in /v3: correct the variable, or unset it."
        billingo.close()


@pytest.mark.parametrize("status", [204, 206, 400, 404, 409, 451, 418])
def test_status_that_is_not_expected_is_an_unexpected_answer(status: int) -> None:
    body = b"" if status == 204 else json.dumps({"error": {"message": "Hm."}}).encode()
    error = failure("bank_account", raw_answer(status, body, {"Content-Type": "application/json"}))
    assert type(error) is UnexpectedAnswer
    assert f"HTTP {status}" in error.message
    assert ("Billingo says: Hm." in error.message) == bool(body)


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": "Broken.", "trace_id": "664b218f"}},
        {"error": {"message": "Broken."}, "trace_id": "664b218f"},
    ],
)
def test_lasting_server_error_shows_the_trace_id(body: object) -> None:
    error = failure("organization", json_answer(500, body))
    assert type(error) is Unreachable
    assert error.message == "Billingo could not answer (HTTP 500). Billingo says: Broken. Trace id: 664b218f."
    assert "support will ask for the trace id" in error.fix


@pytest.mark.parametrize("status", [500, 502, 503, 504, 501, 520])
def test_server_error_of_a_delivery_network_is_unreachable(status: int) -> None:
    error = failure("organization", raw_answer(status, HTML, {"Content-Type": "text/html"}))
    assert type(error) is Unreachable
    assert (error.message, error.fix) == (f"Billingo could not answer (HTTP {status}).", "Try again later.")


def test_server_error_that_passes_is_only_told() -> None:
    heard = Notices()
    fake = with_part("bank_account", once(error_answer(500, "x")))
    assert survey(fake, heard=heard).failures() == []
    assert len(heard.lines) == 1


def once(answer: ScriptedAnswer) -> Callable[[Seen], ScriptedAnswer]:
    """Answer so the first time, as Billingo does after that."""
    left = [answer]
    usual = FakeBillingo()
    return lambda seen: left.pop() if left else usual.answer(seen)


@pytest.mark.parametrize("body", [error_answer(429, "Too many requests"), raw_answer(429, HTML)])
def test_lasting_rush_is_unreachable(body: ScriptedAnswer) -> None:
    error = failure("organization", body)
    assert type(error) is Unreachable
    assert error.message.startswith("Billingo is busy: too many requests.")


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Reset(), Unreachable),
        (redirect("https://example.com/"), UnexpectedAnswer),
        (raw_answer(200, b""), UnexpectedAnswer),
    ],
    ids=["reset", "redirect", "empty"],
)
def test_one_of_three_failing_leaves_the_others_known(
    part: str, answer: ScriptedAnswer, kind: type[BokkoError]
) -> None:
    assert type(failure(part, answer)) is kind


@pytest.mark.parametrize("part", PARTS)
def test_one_of_three_hanging_leaves_the_others_known(part: str) -> None:
    error = failure(part, Hang(), seconds=1)
    assert type(error) is Unreachable
    assert "in time" in error.message


def test_list_by_itself_raises_what_went_wrong() -> None:
    with Server(with_part("bank_account", error_answer(403, "x")).answer) as server:
        billingo = Billingo(f"{server.url}/v3", KEY, Deadline(30), print, QUICK)
        assert billingo.listed("document_block") == (Block(40101, "Webshop", "WEB"), Block(40102, "Bolt", "B"))
        with pytest.raises(NoPermission):
            billingo.listed("bank_account")
        billingo.close()
