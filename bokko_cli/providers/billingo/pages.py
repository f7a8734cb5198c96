"""A list of Billingo, which comes in pages: read whole, or not at all."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

from bokko_cli.deadline import Deadline
from bokko_cli.errors import UnexpectedAnswer
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.network.client import AT_ONCE
from bokko_cli.network.parallel import run_whole
from bokko_cli.providers.billingo.decode import ListPage, RawRow, page

_PER_PAGE = 100
_MOST_PAGES = 500

R = TypeVar("R")
Ask = Callable[[Mapping[str, int]], bytes]
"""Returns the body of the page that `page` and `per_page` name."""
Fetch = Callable[[int], ListPage[R]]


def all_rows(ask: Ask, what: Sentence, wanted: Callable[[RawRow], R | None], deadline: Deadline) -> tuple[R, ...]:
    """Read every page, or raise: a list that is not whole proves nothing.

    A row made while the pages are read moves the others on, so an incomplete list is read once more.
    """
    fetch = partial(_fetched, ask, what, wanted)
    for _ in range(2):
        first = fetch(1)
        pages = [first, *_further_pages(first, fetch, what, deadline)]
        if _is_whole(pages):
            return tuple(row for page in pages for row in page.rows)
    raise UnexpectedAnswer(N_("Unexpected answer from Billingo: {what} is incomplete.", what=what))


def _fetched(ask: Ask, what: Sentence, wanted: Callable[[RawRow], R | None], number: int) -> ListPage[R]:
    found = page(ask({"page": number, "per_page": _PER_PAGE}), what, wanted)
    if found.current != number:
        raise UnexpectedAnswer(
            N_(
                "Unexpected answer from Billingo: {what} came with page {found} instead of page {number}.",
                what=what,
                found=found.current,
                number=number,
            )
        )
    return found


def _further_pages(first: ListPage[R], fetch: Fetch[R], what: Sentence, deadline: Deadline) -> list[ListPage[R]]:
    if first.last > _MOST_PAGES:
        raise UnexpectedAnswer(
            N_("Unexpected answer from Billingo: {what} claims to have {pages} pages.", what=what, pages=first.last)
        )
    return run_whole([partial(fetch, number) for number in range(2, first.last + 1)], deadline, AT_ONCE)


def _is_whole(pages: Sequence[ListPage[R]]) -> bool:
    """Whether nothing speaks against it: each page counts the pages alike, none is empty, no row is there twice."""
    ids = [number for page in pages for number in page.ids]
    is_steady = len({page.last for page in pages}) == 1 and (len(pages) == 1 or all(page.ids for page in pages))
    return is_steady and len(set(ids)) == len(ids) >= max(page.total or 0 for page in pages)
