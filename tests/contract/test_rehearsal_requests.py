"""Each request of a rehearsal, word by word, and what its answer comes to."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.errors import BokkoError, RehearsalRefused, UnexpectedAnswer, Unreachable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.rehearsing import Draft
from bokko_cli.model.values import Settings
from bokko_cli.network.exchange import Pace
from bokko_cli.providers.billingo.rehearsal import BillingoRehearsal, opener
from tests.fake_billingo import error_answer, page
from tests.fakes import ERSTE, KEY, OTP, WEBSHOP
from tests.ledger import gone, invalid, not_found
from tests.servers import ScriptedAnswer, Seen, Server, in_turn, json_answer, raw_answer, redirect

NAME = "BOKKO rehearsal 0123456789abcdef"
VENDOR_ID = "bokko-rehearsal-0123456789abcdef"
SETTINGS: Settings = {
    "document_block": WEBSHOP,
    "bank_account": OTP,
    "default_vat_rate": "27%",
    "default_payment_method": "bank_transfer",
}
NOON = datetime(2026, 11, 26, 11, 0, tzinfo=UTC)
DRAFT = {"id": 90001, "type": "draft", "document_partner": {"name": NAME}}
Act = Callable[[BillingoRehearsal], object]
Sent = tuple[str, str, dict[str, str], object]
"""Method, path, query and body, `None` for none."""


@contextmanager
def opened(
    answer: Callable[[Seen], ScriptedAnswer], root: str = "/v3", seconds: float = 30.0, key: str = KEY
) -> Iterator[tuple[BillingoRehearsal, Server, list[str]]]:
    """Give a rehearsal as the command opens it, its server, and the news of it."""
    news: list[str] = []
    with Server(answer) as server:
        rehearsal = opener(Deadline(seconds))(f"{server.url}{root}", ApiKey(key), news.append)
        assert isinstance(rehearsal, BillingoRehearsal)
        try:
            yield rehearsal, server, news
        finally:
            rehearsal.close()


def came_of(act: Act, answer: ScriptedAnswer) -> tuple[object, Sent]:
    """Return what an act comes to, and the one request that it sent with the key."""
    with opened(lambda _: answer) as (rehearsal, server, _):
        result = act(rehearsal)
    (seen,) = server.seen
    assert seen.headers["x-api-key"] == KEY
    return result, (seen.method, seen.path, seen.query, json.loads(seen.body) if seen.body else None)


def failed(act: Act, answer: ScriptedAnswer, root: str = "/v3") -> BokkoError:
    with opened(lambda _: answer, root) as (rehearsal, _, _), pytest.raises(BokkoError) as caught:
        act(rehearsal)
    return caught.value


def make_draft(rehearsal: BillingoRehearsal) -> Draft:
    return rehearsal.make_draft({"block_id": 40101, "type": "invoice"}, 7, VENDOR_ID, SETTINGS, NAME)


def read_draft(rehearsal: BillingoRehearsal) -> Draft:
    return rehearsal.read_draft(90001, SETTINGS, NAME)


def find_draft(rehearsal: BillingoRehearsal) -> Draft | None:
    return rehearsal.find_draft(VENDOR_ID, SETTINGS, NAME)


def make_partner(rehearsal: BillingoRehearsal) -> int:
    return rehearsal.make_partner(NAME)


def find_partners(rehearsal: BillingoRehearsal) -> tuple[int, ...]:
    return rehearsal.find_partners(NAME)


def delete_draft(rehearsal: BillingoRehearsal) -> None:
    rehearsal.delete_draft(90001)


def delete_partner(rehearsal: BillingoRehearsal) -> None:
    rehearsal.delete_partner(7)


def is_nameless(rehearsal: BillingoRehearsal) -> bool:
    return rehearsal.is_nameless(77)


ACTS: list[Act] = [
    BillingoRehearsal.try_to_write,
    make_partner,
    make_draft,
    read_draft,
    find_draft,
    find_partners,
    is_nameless,
    delete_draft,
    delete_partner,
]


def test_partner_that_lacks_everything_is_an_empty_object() -> None:
    sent: Sent = ("POST", "/v3/partners", {}, {})
    assert came_of(BillingoRehearsal.try_to_write, invalid(("name", "Required."))) == (None, sent)
    assert came_of(BillingoRehearsal.try_to_write, json_answer(201, {"id": 77, "name": ""})) == (77, sent)


def test_partner_is_a_private_person_of_our_name() -> None:
    address = {"country_code": "HU", "post_code": "1111", "city": "Budapest", "address": "Próba utca 1."}
    person = {"name": NAME, "address": address, "emails": [], "taxcode": "", "tax_type": "NO_TAX_NUMBER"}
    made = came_of(make_partner, json_answer(201, {"id": 7, "name": NAME}))
    assert made == (7, ("POST", "/v3/partners", {}, person))


def test_draft_is_a_draft_mailed_to_nobody_whatever_its_fields_say() -> None:
    fields = {
        "block_id": 40101,
        "type": "draft",
        "settings": {"should_send_email": False},
        "partner_id": 7,
        "vendor_id": VENDOR_ID,
    }
    assert came_of(make_draft, json_answer(201, DRAFT)) == (
        Draft(90001, is_draft=True), ("POST", "/v3/documents", {}, fields)
    )  # fmt: skip


def test_draft_is_read_by_its_number() -> None:
    assert came_of(read_draft, json_answer(200, DRAFT)) == (
        Draft(90001, is_draft=True), ("GET", "/v3/documents/90001", {}, None)
    )  # fmt: skip


def test_draft_is_found_by_its_vendor_id() -> None:
    sent: Sent = ("GET", f"/v3/documents/vendor/{VENDOR_ID}", {}, None)
    assert came_of(find_draft, json_answer(200, DRAFT)) == (Draft(90001, is_draft=True), sent)
    assert came_of(find_draft, not_found()) == (None, sent)


def test_partners_are_asked_for_by_name_and_those_of_exactly_that_name_are_found() -> None:
    names = [NAME, f"{NAME} Kft.", None, NAME.lower(), NAME]
    rows: list[dict[str, object]] = [{"id": number, "name": name} for number, name in enumerate(names, 1)]
    query = {"query": NAME, "page": "1", "per_page": "100"}
    found = came_of(find_partners, page(rows, query))
    assert found == ((1, 5), ("GET", "/v3/partners", query, None))


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (json_answer(200, {"id": 77, "name": ""}), True),
        (json_answer(200, {"id": 77, "name": None}), True),
        (json_answer(200, {"id": 77, "name": NAME}), False),
        (json_answer(200, {"id": 77, "name": 0}), False),
        (not_found(), False),
    ],
)
def test_only_a_partner_that_is_there_and_says_it_has_no_name_is_nameless(answer: ScriptedAnswer, found: bool) -> None:
    assert came_of(is_nameless, answer) == (found, ("GET", "/v3/partners/77", {}, None))


@pytest.mark.parametrize("partner", [{"id": 78, "name": ""}, {"id": 77}])
def test_another_partner_or_one_that_says_little_is_not_called_nameless(partner: dict[str, object]) -> None:
    error = failed(is_nameless, json_answer(200, partner))
    assert isinstance(error, UnexpectedAnswer)
    assert error.message == "Unexpected answer from Billingo: a different partner from the one requested."


@pytest.mark.parametrize("answer", [gone(), not_found()])
def test_what_is_deleted_is_named_by_its_number(answer: ScriptedAnswer) -> None:
    assert came_of(delete_draft, answer)[1] == ("DELETE", "/v3/documents/90001", {}, None)
    assert came_of(delete_partner, answer)[1] == ("DELETE", "/v3/partners/7", {}, None)


def test_draft_in_forints_is_prepared_without_a_request() -> None:
    with opened(lambda _: not_found()) as (rehearsal, server, _):
        prepared = rehearsal.prepare(SETTINGS, NAME, lambda: NOON)
    assert server.seen == []
    assert (prepared["due_date"], prepared["currency"], "conversion_rate" in prepared) == ("2026-11-26", "HUF", False)
    assert prepared["items"][0]["name"] == NAME  # type: ignore[index]  # a list of objects


def test_draft_is_made_out_for_the_day_that_it_is_once_the_rate_is_known() -> None:
    settings = {**SETTINGS, "bank_account": ERSTE}
    before = datetime(2026, 11, 26, 22, 59, 59, tzinfo=UTC)
    with opened(lambda _: json_answer(200, {"conversation_rate": 391.25})) as (rehearsal, server, _):
        prepared = rehearsal.prepare(settings, NAME, lambda: before + timedelta(seconds=len(server.seen)))
    assert (prepared["fulfillment_date"], prepared["due_date"]) == ("2026-11-27", "2026-11-27")


def test_draft_in_euros_is_prepared_with_the_rate_to_forints() -> None:
    settings = {**SETTINGS, "bank_account": ERSTE}
    rate = json_answer(200, {"conversation_rate": 391.25})
    prepared, sent = came_of(lambda there: there.prepare(settings, NAME, lambda: NOON), rate)
    assert sent == ("GET", "/v3/currencies", {"from": "EUR", "to": "HUF"}, None)
    assert isinstance(prepared, dict)
    assert (prepared["currency"], prepared["conversion_rate"]) == ("EUR", 391.25)


def test_another_document_than_the_one_asked_for_is_not_believed() -> None:
    error = failed(read_draft, json_answer(200, {**DRAFT, "id": 90002}))
    assert isinstance(error, UnexpectedAnswer)
    assert error.message == "Unexpected answer from Billingo: a different document from the one requested."


@pytest.mark.parametrize("act", [make_draft, read_draft, find_draft])
def test_draft_of_somebody_else_is_not_believed(act: Act) -> None:
    error = failed(act, json_answer(200, {**DRAFT, "document_partner": {"name": "Somebody Kft."}}))
    assert error.message == "Unexpected answer from Billingo: the draft belongs to somebody else."


@pytest.mark.parametrize("act", [make_draft, read_draft, find_draft])
def test_key_that_comes_back_in_a_document_is_hidden(act: Act) -> None:
    with opened(lambda _: json_answer(200, {**DRAFT, "type": KEY})) as (rehearsal, _, _):
        found = act(rehearsal)
    assert found == Draft(90001, is_draft=False, differences=("It is not a draft; its type is ….",))


@pytest.mark.parametrize(
    ("act", "what"),
    [
        (make_partner, "the partner"),
        (make_draft, "the draft"),
        (read_draft, "the draft"),
        (find_draft, "the draft"),
        (is_nameless, "the partner"),
    ],
)
@pytest.mark.parametrize("number", [0, -1, -90001])
def test_id_that_nothing_has_is_not_believed(act: Act, what: str, number: int) -> None:
    error = failed(act, json_answer(200, {"id": number, "type": "draft"}))
    assert error.message == f"Unexpected answer from Billingo: {what} has {number} as its id."


@pytest.mark.parametrize("act", ACTS)
def test_no_is_told_in_billingos_words_without_the_key(act: Act) -> None:
    error = failed(act, error_answer(403, f"No, {KEY}."))
    assert error.message.endswith(" Billingo says: No, ….")


def test_no_to_a_draft_is_about_drafts_and_no_to_a_partner_is_not() -> None:
    no = error_answer(402, "No.")
    draft, partner = failed(make_draft, no), failed(make_partner, no)
    assert isinstance(draft, RehearsalRefused)
    assert isinstance(partner, RehearsalRefused)
    assert (draft.code, partner.code) == ("drafts_not_in_plan", "write_refused")


def test_answer_about_a_partner_is_named_where_it_is_of_another_shape() -> None:
    assert failed(is_nameless, json_answer(200, [])).message == (
        "Unexpected answer from Billingo: the partner is not a JSON object."
    )


def test_list_of_partners_is_named_where_it_is_incomplete() -> None:
    rows = {"data": [{"id": 1, "name": NAME}], "current_page": 1, "last_page": 1, "total": 2}
    assert failed(find_partners, json_answer(200, rows)).message == (
        "Unexpected answer from Billingo: the list of partners is incomplete."
    )


@pytest.mark.parametrize("act", [read_draft, find_draft, is_nameless])
def test_address_of_no_version_is_named_where_nothing_is_found(act: Act) -> None:
    error = failed(act, raw_answer(404, b""), root="")
    assert error.message.startswith("There is no Billingo at http://127.0.0.1:")
    assert error.message.endswith(" (HTTP 404).")


@pytest.mark.parametrize("act", ACTS)
def test_redirect_is_told_by_the_providers_name(act: Act) -> None:
    assert failed(act, redirect("/v3/", 307)).message == "Billingo answered with a redirect (HTTP 307)."


def test_key_is_sent_clean() -> None:
    with opened(lambda _: json_answer(200, DRAFT), key=f' "{KEY}"\n') as (rehearsal, server, _):
        read_draft(rehearsal)
    assert [seen.headers["x-api-key"] for seen in server.seen] == [KEY]


def test_waiting_is_told() -> None:
    with opened(in_turn(error_answer(503, "Busy."), json_answer(200, DRAFT))) as (rehearsal, _, news):
        read_draft(rehearsal)
    assert news == ["Billingo answered 503; trying again in 1 s…"]


@pytest.mark.parametrize("act", ACTS)
def test_nothing_is_sent_after_the_deadline(act: Act) -> None:
    with opened(lambda _: json_answer(200, DRAFT), seconds=0) as (rehearsal, server, _), pytest.raises(Unreachable):
        act(rehearsal)
    assert server.seen == []


def test_pace_that_is_given_holds_for_each_exchange_and_for_the_second_look() -> None:
    with Server(lambda _: json_answer(200, DRAFT)) as server:
        pace = Pace(exchange=0.0, first_wait=0.25)
        rehearsal = BillingoRehearsal(f"{server.url}/v3", ApiKey(KEY), Deadline(30), lambda _: None, pace)
        with pytest.raises(Unreachable):
            read_draft(rehearsal)
        rehearsal.close()
    assert (server.seen, rehearsal.second_look) == ([], 0.25)


def test_partners_are_found_on_every_page() -> None:
    rows: list[dict[str, object]] = [{"id": number, "name": NAME} for number in range(1, 151)]
    with opened(lambda seen: page(rows, seen.query)) as (rehearsal, _, _):
        assert rehearsal.find_partners(NAME) == tuple(range(1, 151))


@pytest.mark.parametrize(("seconds", "wait"), [(30.0, 0.6), (0.0, 0.0)])
def test_waits_between_looks_end_with_the_deadline(seconds: float, wait: float) -> None:
    assert opener(Deadline(seconds))("http://127.0.0.1:1/v3", ApiKey(KEY), print).second_look == wait
