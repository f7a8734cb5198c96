"""Billingo's interface, version 3: the organisation and the lists that a setup is picked from.

Source: https://app.swaggerhub.com/apis/Billingo/Billingo (3.0.14).
"""

from collections.abc import Callable
from functools import partial
from typing import cast

from bokko_cli.deadline import Deadline
from bokko_cli.errors import BokkoError, UnexpectedAnswer
from bokko_cli.model.apikey import ApiKey, clean_key
from bokko_cli.model.values import ORGANIZATION, Organization, Row, Survey, WriteAccess
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.network.client import AT_ONCE, USUAL_PACE, Client, Pace
from bokko_cli.network.parallel import Stopwatch, run_all, run_whole
from bokko_cli.providers.base import OpenProvider
from bokko_cli.providers.billingo import decode
from bokko_cli.providers.billingo.fields import BANK_ACCOUNT, DOCUMENT_BLOCK, SPEC
from bokko_cli.providers.billingo.statuses import checked
from bokko_cli.providers.billingo.write_access import write_access
from bokko_cli.providers.billingo.writes import Writes

_PER_PAGE = 100
_MOST_PAGES = 500


def opener(deadline: Deadline) -> OpenProvider:
    """Return what opens Billingo for a key."""
    return lambda endpoint, key, notify: Billingo(endpoint, key, deadline, notify)


class Billingo:
    """Billingo behind one key; every public method may raise Refused, Unreachable or UnexpectedAnswer."""

    def __init__(
        self,
        endpoint: str,
        key: ApiKey,
        deadline: Deadline,
        notify: Callable[[str], None],
        pace: Pace = USUAL_PACE,
    ) -> None:
        self._key = key
        self._endpoint = endpoint
        self._deadline = deadline
        self._client = Client(
            endpoint, SPEC.title, {"X-API-KEY": clean_key(key.reveal()).reveal()}, deadline, notify, pace
        )

    def survey(self, *, tries_to_write: bool = False) -> Survey:
        """Ask for organisation, blocks and accounts at the same time, and beside them whether the key may write."""
        parts = {ORGANIZATION: self._organization, DOCUMENT_BLOCK: self._blocks, BANK_ACCOUNT: self._bank_accounts}
        watch = Stopwatch()
        calls: list[Callable[[], object]] = [watch.timed(name, part) for name, part in parts.items()]
        calls += [partial(write_access, Writes(self._client), self._key)] if tries_to_write else []
        organization, blocks, accounts, *written = run_all(calls, self._deadline)
        access = written[0] if written and isinstance(written[0], WriteAccess) else WriteAccess()
        return Survey(
            organization=cast("Organization | BokkoError", organization),
            choices={
                DOCUMENT_BLOCK: cast("tuple[Row, ...] | BokkoError", blocks),
                BANK_ACCOUNT: cast("tuple[Row, ...] | BokkoError", accounts),
            },
            seconds=dict(watch.seconds),
            write_access=access,
        )

    def listed(self, name: str) -> tuple[Row, ...]:
        """Return one list, `document_block` or `bank_account`, whole."""
        rows = run_all([{DOCUMENT_BLOCK: self._blocks, BANK_ACCOUNT: self._bank_accounts}[name]], self._deadline)[0]
        if isinstance(rows, BokkoError):
            raise rows
        return rows

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _organization(self) -> Organization:
        return decode.organization(self._get("/organization"))

    def _get(self, path: str, **query: str | int) -> bytes:
        return checked(self._client.get(path, query), self._key, self._endpoint)

    def _blocks(self) -> tuple[Row, ...]:
        what = N_("the list of document blocks")
        return self._all_rows(partial(self._page, "/document-blocks", what, decode.invoice_block, type="invoice"), what)

    def _bank_accounts(self) -> tuple[Row, ...]:
        what = N_("the list of bank accounts")
        return self._all_rows(partial(self._page, "/bank-accounts", what, decode.bank_account), what)

    def _all_rows(self, fetch: Callable[[int], decode.Page], what: Sentence) -> tuple[Row, ...]:
        """Read every page, or raise: a list that is not whole proves nothing.

        A row made while the pages are read moves the others on, so an incomplete list is read once more.
        """
        for _ in range(2):
            first = fetch(1)
            pages = [first, *self._further_pages(first, fetch, what)]
            if _is_whole(pages):
                return tuple(row for page in pages for row in page.rows)
        raise UnexpectedAnswer(N_("Unexpected answer from Billingo: {what} is incomplete.", what=what))

    def _page(
        self, path: str, what: Sentence, wanted: Callable[[decode.RawRow], Row | None], number: int, **query: str
    ) -> decode.Page:
        body = self._get(path, **query, page=number, per_page=_PER_PAGE)
        page = decode.page(body, what, wanted)
        if page.current != number:
            raise UnexpectedAnswer(
                N_(
                    "Unexpected answer from Billingo: {what} has page {found} as {number}.",
                    what=what,
                    found=page.current,
                    number=number,
                )
            )
        return page

    def _further_pages(
        self, first: decode.Page, fetch: Callable[[int], decode.Page], what: Sentence
    ) -> list[decode.Page]:
        if first.last > _MOST_PAGES:
            raise UnexpectedAnswer(
                N_("Unexpected answer from Billingo: {what} claims to have {pages} pages.", what=what, pages=first.last)
            )
        numbers = range(2, first.last + 1)
        return run_whole([partial(fetch, number) for number in numbers], self._deadline, AT_ONCE)


def _is_whole(pages: list[decode.Page]) -> bool:
    """Whether nothing speaks against it: each page counts the pages alike, none is empty, no row is there twice."""
    ids = [number for page in pages for number in page.ids]
    is_steady = len({page.last for page in pages}) == 1 and (len(pages) == 1 or all(page.ids for page in pages))
    return is_steady and len(set(ids)) == len(ids) >= max(page.total or 0 for page in pages)
