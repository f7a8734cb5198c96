"""What is said of a write that Billingo did not do, word by word, and what is never repeated."""

import json

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.errors import ExitCode, RehearsalRefused, UnexpectedAnswer
from bokko_cli.model.apikey import ApiKey
from bokko_cli.network.client import Response
from bokko_cli.providers.billingo.documents import conversion_rate
from bokko_cli.providers.billingo.refusals import refusal
from bokko_cli.providers.billingo.rehearsal import BillingoRehearsal, opener

KEY = ApiKey("63faa428-9044-11ea-8ed0-0242ac120005")


def refused(status: int, body: object) -> RehearsalRefused:
    error = refusal(Response(status, {}, json.dumps(body).encode()), KEY)
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
    assert refused(401, {"error": {"message": "No."}}).fix.startswith("Copy the key again, or make a new one: ")
    assert refused(403, {"error": {"message": "No."}}).fix.startswith("Make a key that may read and write, ")
