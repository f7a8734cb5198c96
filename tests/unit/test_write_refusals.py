"""What is said of a write that Billingo did not do, word by word, and what is never repeated."""

import json

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.errors import ExitCode, RehearsalRefused, UnexpectedAnswer, Unreachable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.network.client import Response
from bokko_cli.providers.billingo.documents import conversion_rate
from bokko_cli.providers.billingo.rehearsal import BillingoRehearsal, opener
from bokko_cli.providers.billingo.write_refusals import deleted, is_not_found, made, write_meaning

KEY = ApiKey("63faa428-9044-11ea-8ed0-0242ac120005")


WORDS = json.dumps({"error": {"message": f"No, {KEY.reveal()}."}}).encode()
PAGE = b"<html>Log in"


def answer(status: int, body: bytes = b"") -> Response:
    return Response(status, {}, body)


def refused(status: int, body: object) -> RehearsalRefused:
    error = write_meaning(Response(status, {}, json.dumps(body).encode()), KEY)
    assert isinstance(error, RehearsalRefused)
    return error


def test_every_field_is_told_and_the_key_is_hidden() -> None:
    rows = [
        {"field": "payment_method", "message": f"Not for {KEY.reveal()}."},
        {"field": KEY.reveal(), "message": "Strange."},
        {"message": "No field."},
        {"field": "vat"},
        "no row",
    ]
    error = refused(422, {"message": "Validation Failed", "errors": rows})
    assert error.message.splitlines() == [
        "Billingo does not accept these settings together.",
        "payment_method: Not for ….",
        "…: Strange.",
        ": No field.",
        "vat: ",
    ]
    assert error.fix == "Choose other settings, or change them in Billingo."
    assert (error.code, error.exit_code) == ("settings_refused", ExitCode.NOT_READY)


@pytest.mark.parametrize("body", [[], {}, {"errors": None}, {"errors": {"field": "x"}}])
def test_refusal_without_fields_is_one_sentence(body: object) -> None:
    assert refused(422, body).message == "Billingo does not accept these settings together."


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "write_refused"), (401, "key_rejected"), (402, "write_refused"), (403, "read_only_key")],
)
def test_refusal_has_billingos_words_without_the_key(status: int, code: str) -> None:
    error = refused(status, {"error": {"message": f"No, {KEY.reveal()}."}})
    assert error.message.endswith(" Billingo says: No, ….")
    assert (error.code, error.exit_code) == (code, ExitCode.REFUSED)
    assert error.fix


@pytest.mark.parametrize(("rate", "good"), [(391.25, True), (1, True), (999_999, True), (10**6, False), (0, False)])
def test_rate_is_a_number_that_a_currency_can_have(rate: float, good: bool) -> None:
    body = json.dumps({"conversation_rate": rate}).encode()
    if good:
        assert conversion_rate(body) == float(rate)
        return
    with pytest.raises(UnexpectedAnswer) as caught:
        conversion_rate(body)
    assert caught.value.message == "Unexpected answer from Billingo: the exchange rate is not a number above zero."


def test_rehearsal_is_opened_for_a_key() -> None:
    opened = opener(Deadline(5))("http://127.0.0.1:1/v3", KEY, print)
    assert isinstance(opened, BillingoRehearsal)
    opened.close()


def test_key_that_is_refused_is_not_told_to_be_one_that_may_only_read() -> None:
    assert refused(401, {"error": {"message": "No."}}).fix.startswith("Copy the key again, or create a new one: ")
    assert refused(403, {"error": {"message": "No."}}).fix.startswith("Create a key that can read and write: ")


@pytest.mark.parametrize("status", [200, 201])
def test_what_was_made_is_handed_on(status: int) -> None:
    assert made(answer(status, b'{"id": 1}'), KEY) == b'{"id": 1}'


def test_what_was_made_and_cannot_be_read_is_not_known() -> None:
    cut_off = Unreachable("The answer broke off.")
    with pytest.raises(Unreachable) as caught:
        made(Response(201, {}, b"", cut_off), KEY)
    assert caught.value is cut_off


@pytest.mark.parametrize(("status", "is_draft"), [(201, False), (200, True), (422, False), (401, True)])
def test_page_of_somebody_else_says_nothing_of_what_was_made(status: int, is_draft: bool) -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        made(answer(status, PAGE), KEY, is_draft=is_draft)
    assert caught.value.message == (f"A web page came back instead of Billingo's answer (HTTP {status}).")


@pytest.mark.parametrize(
    ("status", "is_draft", "said", "code"),
    [
        (400, True, "Billingo refused the request to write.", "write_refused"),
        (401, True, "Billingo refused this key.", "key_rejected"),
        (402, True, "The subscription of this Billingo account does not include drafts.", "drafts_not_in_plan"),
        (402, False, "The subscription of this Billingo account does not include writing through the API.",
         "write_refused"),
        (403, True, "Billingo does not let this key write; it can only read.", "read_only_key"),
    ],
)  # fmt: skip
def test_no_to_a_draft_is_not_the_no_to_a_partner(status: int, is_draft: bool, said: str, code: str) -> None:
    with pytest.raises(RehearsalRefused) as caught:
        made(answer(status, WORDS), KEY, is_draft=is_draft)
    assert (caught.value.message, caught.value.code) == (f"{said} Billingo says: No, ….", code)
    if not is_draft:
        with pytest.raises(RehearsalRefused) as by_default:
            made(answer(status, WORDS), KEY)
        assert by_default.value.code == write_meaning(answer(status, WORDS), KEY).code == code


@pytest.mark.parametrize(("status", "code"), [(401, "key_rejected"), (402, "write_refused")])
def test_bare_no_counts_where_nobody_else_says_it(status: int, code: str) -> None:
    error = write_meaning(answer(status), KEY)
    assert isinstance(error, RehearsalRefused)
    assert error.code == code


@pytest.mark.parametrize(
    ("status", "body"), [(400, b""), (403, b""), (400, b"{}"), (401, b"Blocked"), (402, b"{}"), (403, b"Blocked")]
)
def test_no_that_somebody_else_may_have_said_is_none_of_billingos(status: int, body: bytes) -> None:
    assert isinstance(write_meaning(answer(status, body), KEY), Unreachable)


def test_words_of_billingo_alone_are_no_refusal() -> None:
    error = write_meaning(answer(404, WORDS), KEY)
    assert isinstance(error, UnexpectedAnswer)
    assert error.message == "Unexpected answer from Billingo (HTTP 404). Billingo says: No, …."


@pytest.mark.parametrize(
    ("status", "body", "is_gone"),
    [
        (204, b"", True),
        (404, WORDS, True),
        (404, b"", False),
        (404, PAGE, False),
        (200, WORDS, False),
        (400, WORDS, False),
    ],
)
def test_only_a_204_or_billingos_own_404_is_gone(status: int, body: bytes, is_gone: bool) -> None:
    assert is_not_found(answer(status, body)) is (is_gone and status == 404)
    if is_gone:
        assert deleted(answer(status, body), KEY) is (status == 404)
        return
    with pytest.raises((RehearsalRefused, Unreachable)) as caught:
        deleted(answer(status, body), KEY)
    assert caught.value.message == write_meaning(answer(status, body), KEY).message
    assert KEY.reveal() not in caught.value.message
