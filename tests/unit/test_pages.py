"""A list that comes in pages: what is asked for, when it is read again, and what is said of one that is not whole."""

import json
from collections.abc import Mapping, Sequence

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.errors import BokkoError
from bokko_cli.model.wording import N_
from bokko_cli.providers.billingo.decode import RawRow
from bokko_cli.providers.billingo.pages import all_rows

WHAT = N_("the list of partners")


def page(ids: Sequence[int], current: int, last: int, total: int | None = None) -> bytes:
    rows = [{"id": number} for number in ids]
    return json.dumps({"data": rows, "current_page": current, "last_page": last, "total": total}).encode()


def odd_ones(row: RawRow) -> int | None:
    number = row["id"]
    assert isinstance(number, int)
    return number if number % 2 else None


class Listing:
    """Answers each page with the next body that is there for its number."""

    def __init__(self, *bodies: tuple[int, bytes]) -> None:
        self.bodies = list(bodies)
        self.asked: list[Mapping[str, int]] = []

    def ask(self, paging: Mapping[str, int]) -> bytes:
        self.asked.append(paging)
        found = next(pair for pair in self.bodies if pair[0] == paging["page"])
        self.bodies.remove(found)
        return found[1]

    def read(self) -> tuple[int, ...]:
        return all_rows(self.ask, WHAT, odd_ones, Deadline())

    def refused(self) -> BokkoError:
        with pytest.raises(BokkoError) as caught:
            self.read()
        return caught.value


def test_every_page_of_a_hundred_is_asked_for_and_the_wanted_rows_come_in_order() -> None:
    listing = Listing((1, page([1, 2, 3], 1, 3)), (2, page([7, 8], 2, 3)), (3, page([5], 3, 3)))
    assert listing.read() == (1, 3, 7, 5)
    assert sorted(paging["page"] for paging in listing.asked) == [1, 2, 3]
    assert [paging["per_page"] for paging in listing.asked] == [100, 100, 100]


@pytest.mark.parametrize(("ids", "total"), [([], None), ([], 0), ([1], None), ([1], 1), ([1], 0)])
def test_one_page_is_whole_where_nothing_more_is_counted(ids: list[int], total: int | None) -> None:
    assert Listing((1, page(ids, 1, 1, total))).read() == tuple(ids)


HOLES = {
    "fewer than counted": [(1, page([1], 1, 1, 2))],
    "fewer than the last page counts": [(1, page([1], 1, 2, 2)), (2, page([2], 2, 2, 3))],
    "the same row twice": [(1, page([1, 2], 1, 2)), (2, page([2, 3], 2, 2))],
    "an empty page": [(1, page([1], 1, 2)), (2, page([], 2, 2))],
    "one page more": [(1, page([1], 1, 2)), (2, page([2], 2, 3))],
    "one page less": [(1, page([1], 1, 2)), (2, page([2], 2, 1))],
}


@pytest.mark.parametrize("pages", HOLES.values(), ids=HOLES)
def test_list_with_a_hole_is_read_once_more_and_then_refused(pages: list[tuple[int, bytes]]) -> None:
    listing = Listing(*pages, *pages)
    assert listing.refused().message == "Unexpected answer from Billingo: the list of partners is incomplete."
    assert listing.bodies == []


@pytest.mark.parametrize("pages", HOLES.values(), ids=HOLES)
def test_list_that_is_whole_the_second_time_is_taken(pages: list[tuple[int, bytes]]) -> None:
    assert Listing(*pages, (1, page([1], 1, 2)), (2, page([3], 2, 2))).read() == (1, 3)


def test_page_that_calls_itself_another_is_refused() -> None:
    assert Listing((1, page([1], 2, 2))).refused().message == (
        "Unexpected answer from Billingo: the list of partners came with page 2 instead of page 1."
    )


def test_page_of_another_shape_names_the_list() -> None:
    assert Listing((1, b"{}")).refused().message == (
        "Unexpected answer from Billingo: the list of partners has no list of rows."
    )


def test_more_pages_than_can_be_read_are_refused_after_the_first() -> None:
    assert Listing((1, page([1], 1, 501))).refused().message == (
        "Unexpected answer from Billingo: the list of partners claims to have 501 pages."
    )


def test_five_hundred_pages_are_read() -> None:
    pages = [(number, page([2 * number + 1], number, 500)) for number in range(1, 501)]
    assert len(Listing(*pages).read()) == 500
