"""Lists are read whole, side by side, or not at all."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.errors import BokkoError, UnexpectedAnswer, Unreachable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Block, Row
from bokko_cli.network.client import AT_ONCE
from bokko_cli.network.exchange import Pace
from bokko_cli.providers.billingo.provider import Billingo
from tests.fake_billingo import FakeBillingo, account, block, error_answer
from tests.servers import Hang, ScriptedAnswer, Seen, Server, json_answer

KEY = ApiKey("63faa428-9044-11ea-8ed0-0242ac120005")
QUICK = Pace(first_wait=0.01)
Rows = list[dict[str, object]]


@contextmanager
def asking(answer: Callable[[Seen], ScriptedAnswer], seconds: float = 30) -> Iterator[tuple[Billingo, Server]]:
    with Server(answer) as server:
        billingo = Billingo(f"{server.url}/v3", KEY, Deadline(seconds), lambda _: None, QUICK)
        try:
            yield billingo, server
        finally:
            billingo.close()


def blocks(answer: Callable[[Seen], ScriptedAnswer], seconds: float = 30) -> tuple[Row, ...]:
    with asking(answer, seconds) as (billingo, _):
        return billingo.listed("document_block")


def many(count: int) -> Rows:
    return [block(number, f"Block {number}", "B") for number in range(count, 0, -1)]


def ids(rows: tuple[Row, ...]) -> list[int | None]:
    return [row.id for row in rows]


def number_of(seen: Seen) -> int:
    return int(seen.query["page"])


def page(rows: Rows, number: int, last: int, total: int | None) -> ScriptedAnswer:
    return json_answer(200, {"data": rows, "total": total, "current_page": number, "last_page": last})


def test_first_three_requests_are_under_way_together() -> None:
    together = threading.Barrier(3)
    fake = FakeBillingo()

    def answer(seen: Seen) -> ScriptedAnswer:
        together.wait(20)
        return fake.answer(seen)

    with asking(answer) as (billingo, server):
        assert billingo.survey().failures() == []
        assert server.busiest == 3
        assert sorted(seen.path for seen in server.seen) == [
            "/v3/bank-accounts",
            "/v3/document-blocks",
            "/v3/organization",
        ]


def test_each_part_knows_how_long_it_took_by_itself() -> None:
    fake = FakeBillingo()
    others = threading.Barrier(2)

    def answer(seen: Seen) -> ScriptedAnswer:
        if seen.path.endswith("/bank-accounts"):
            return Hang()
        others.wait(20)
        return fake.answer(seen)

    with asking(answer, seconds=0.5) as (billingo, _):
        seconds = billingo.survey().seconds
    assert {"organization", "document_block"} <= set(seconds)
    assert all(0 < took < 20 for took in seconds.values())


def test_requests_ask_for_invoice_blocks_a_hundred_at_a_time() -> None:
    with asking(FakeBillingo().answer) as (billingo, server):
        billingo.survey()
        queries = {seen.path.rpartition("/")[2]: seen.query for seen in server.seen}
    assert queries == {
        "organization": {},
        "document-blocks": {"type": "invoice", "page": "1", "per_page": "100"},
        "bank-accounts": {"page": "1", "per_page": "100"},
    }
    assert {seen.method for seen in server.seen} == {"GET"}
    assert {seen.headers["x-api-key"] for seen in server.seen} == {KEY.reveal()}


def test_hundred_pages_are_read_at_most_eight_at_once_in_their_order() -> None:
    fake = FakeBillingo(blocks=many(10_000), latency=0.01)
    with asking(fake.answer) as (billingo, server):
        assert ids(billingo.listed("document_block")) == list(range(10_000, 0, -1))
        assert len(server.seen) == 100
        assert 4 <= server.busiest <= AT_ONCE == 8


def test_both_lists_together_keep_to_eight_at_once() -> None:
    accounts = [account(number, "OTP", "", "HUF") for number in range(2_000)]
    fake = FakeBillingo(blocks=many(2_000), accounts=accounts, latency=0.01)
    with asking(fake.answer) as (billingo, server):
        found = billingo.survey()
        assert server.busiest <= 8
    assert [len(rows) for rows in found.choices.values() if isinstance(rows, tuple)] == [2_000, 2_000]


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 200, 201])
def test_list_of_any_length_is_whole(count: int) -> None:
    assert ids(blocks(FakeBillingo(blocks=many(count)).answer)) == list(range(count, 0, -1))


def test_pages_that_come_late_stand_where_they_belong() -> None:
    fake = FakeBillingo(blocks=many(400))
    fourth_came = threading.Event()

    def answer(seen: Seen) -> ScriptedAnswer:
        if number_of(seen) == 2:
            assert fourth_came.wait(20)
        if number_of(seen) == 4:
            fourth_came.set()
        return fake.answer(seen)

    assert ids(blocks(answer)) == list(range(400, 0, -1))


def test_server_with_smaller_pages_than_asked_is_read_whole() -> None:
    fake = FakeBillingo(blocks=many(60))

    def answer(seen: Seen) -> ScriptedAnswer:
        seen.query["per_page"] = "25"
        return fake.answer(seen)

    assert ids(blocks(answer)) == list(range(60, 0, -1))


def test_server_that_ignores_the_filter_gives_invoice_blocks_only() -> None:
    fake = FakeBillingo(blocks=[*many(150), *[block(number, "R", "", "receipt") for number in range(1000, 1100)]])

    def answer(seen: Seen) -> ScriptedAnswer:
        del seen.query["type"]
        return fake.answer(seen)

    assert ids(blocks(answer)) == list(range(150, 0, -1))


def test_billion_pages_are_refused_after_the_first() -> None:
    with asking(lambda seen: page(many(1), number_of(seen), 10**9, 1)) as (billingo, server):
        with pytest.raises(UnexpectedAnswer, match="claims to have 1000000000 pages"):
            billingo.listed("document_block")
        assert len(server.seen) == 1


@pytest.mark.parametrize("total", [300, None])
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(lambda rows, _: rows[:100], id="pages repeat"),
        pytest.param(
            lambda rows, number: rows[100 * number - 100 : 100 * number] if number < 3 else [], id="last empty"
        ),
        pytest.param(
            lambda rows, number: rows[100 * number - 100 : 100 * number] if number != 2 else [], id="empty inside"
        ),
        pytest.param(
            lambda rows, number: rows[100 * number - 100 : 100 * number] if number > 1 else [], id="first empty"
        ),
    ],
)
def test_list_with_a_hole_is_read_twice_and_then_refused(
    script: Callable[[Rows, int], Rows], total: int | None
) -> None:
    rows = many(300)
    with asking(lambda seen: page(script(rows, number_of(seen)), number_of(seen), 3, total)) as (billingo, server):
        with pytest.raises(UnexpectedAnswer, match="the list of document blocks is incomplete"):
            billingo.listed("document_block")
        assert len(server.seen) == 6


def test_list_with_fewer_rows_than_counted_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer, match="incomplete"):
        blocks(lambda seen: page(many(25), number_of(seen), 1, 30))


def test_page_that_counts_more_than_the_first_makes_the_list_incomplete() -> None:
    def answer(seen: Seen) -> ScriptedAnswer:
        number = number_of(seen)
        return page(many(200)[100 * number - 100 : 100 * number], number, 2, 200 if number == 1 else 201)

    with pytest.raises(UnexpectedAnswer, match="incomplete"):
        blocks(answer)


def test_page_that_claims_to_be_another_is_refused() -> None:
    with pytest.raises(UnexpectedAnswer, match="came with page 1 instead of page 2"):
        blocks(lambda _: page(many(200)[:100], 1, 2, 200))


@pytest.mark.parametrize(
    ("change", "total_is_told"),
    [
        ("made", True),
        ("made", False),
        ("deleted", True),  # nobody can see a row that left when nothing is counted
        ("grown by a page", True),
        ("grown by a page", False),
        ("shrunk by a page", True),
        ("shrunk by a page", False),
        ("grown at its end", False),
    ],
)
def test_list_that_changes_while_it_is_read_is_read_again(change: str, total_is_told: bool) -> None:
    before = {"grown by a page": 200, "grown at its end": 200, "shrunk by a page": 201}.get(change, 150)
    new = [block(9_999, "New", "N")]
    fake = FakeBillingo(blocks=many(before))
    has_changed = threading.Event()

    def answer(seen: Seen) -> ScriptedAnswer:
        if number_of(seen) == 2 and not has_changed.is_set():
            has_changed.set()
            rows = fake.blocks
            fake.blocks = {"made": new + rows, "grown by a page": new + rows, "grown at its end": rows + new}.get(
                change, rows[1:]
            )
        rows = fake.blocks
        last = -(-len(rows) // 100)
        chosen = rows[100 * number_of(seen) - 100 : 100 * number_of(seen)]
        return page(chosen, number_of(seen), last, len(rows) if total_is_told else None)

    assert ids(blocks(answer)) == [row["id"] for row in fake.blocks]


def test_page_that_fails_fails_the_list_and_no_page_is_asked_for_after() -> None:
    rows = many(10_000)

    def answer(seen: Seen) -> ScriptedAnswer:
        number = number_of(seen)
        return error_answer(404, "Gone") if number == 2 else page(rows[:100], number, 100, 10_000)

    with asking(answer) as (billingo, server):
        with pytest.raises(UnexpectedAnswer, match="HTTP 404"):
            billingo.listed("document_block")
        assert len(server.seen) < 50


def test_page_that_hangs_fails_the_list_at_the_deadline() -> None:
    fake = FakeBillingo(blocks=many(1_000))
    with pytest.raises(Unreachable, match="in time"):
        blocks(lambda seen: Hang() if number_of(seen) == 5 else fake.answer(seen), seconds=0.5)


def test_failed_list_leaves_the_other_list_known() -> None:
    fake = FakeBillingo(blocks=many(300))
    usual = FakeBillingo(blocks=many(300))
    fake.override["/document-blocks"] = lambda seen: (
        error_answer(500, "x") if number_of(seen) == 3 else usual.answer(seen)
    )
    with asking(fake.answer) as (billingo, _):
        found = billingo.survey()
    assert isinstance(found.choices["document_block"], Unreachable)
    assert not isinstance(found.choices["bank_account"], BokkoError)
    assert not isinstance(found.organization, BokkoError)


def test_row_that_two_pages_share_is_never_listed_twice() -> None:
    def answer(seen: Seen) -> ScriptedAnswer:
        return page([block(1, "One", "A"), block(1, "One", "A")], number_of(seen), 1, 2)

    with pytest.raises(UnexpectedAnswer, match="incomplete"):
        blocks(answer)
    assert blocks(lambda _: page([block(1, "One", "A")], 1, 1, 1)) == (Block(1, "One", "A"),)
