"""Billingo's interface, version 3: the organisation and the lists that a setup is picked from.

Source: https://app.swaggerhub.com/apis/Billingo/Billingo (3.0.14).
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

from bokko_cli.apikey import ApiKey
from bokko_cli.client import AT_ONCE, USUAL_PACE, Client, Pace
from bokko_cli.deadline import Deadline, run_all, run_whole
from bokko_cli.errors import BokkoError, UnexpectedAnswer
from bokko_cli.model import Organization, Row, Survey
from bokko_cli.providers.billingo import decode
from bokko_cli.providers.billingo.fields import BANK_ACCOUNT, DOCUMENT_BLOCK, TABLE
from bokko_cli.providers.billingo.statuses import checked

_PER_PAGE = 100
_MOST_PAGES = 500

RawRow = Mapping[str, object]


class Billingo:
    """Billingo behind one key; every public method may raise Refused, Unreachable or UnexpectedAnswer."""

    def __init__(
        self,
        endpoint: str,
        key: ApiKey,
        deadline: Deadline,
        tell: Callable[[str], None],
        pace: Pace = USUAL_PACE,
    ) -> None:
        self._deadline = deadline
        self._client = Client(endpoint, TABLE.title, {"X-API-KEY": key.reveal()}, deadline, tell, pace)

    def survey(self) -> Survey:
        """Ask for organisation, blocks and accounts at the same time."""
        parts = run_all([self._organization, self._blocks, self._bank_accounts], self._deadline)
        organization, blocks, accounts = parts
        return Survey(
            organization=cast("Organization | BokkoError", organization),
            choices={
                DOCUMENT_BLOCK: cast("tuple[Row, ...] | BokkoError", blocks),
                BANK_ACCOUNT: cast("tuple[Row, ...] | BokkoError", accounts),
            },
        )

    def listed(self, name: str) -> tuple[Row, ...]:
        """Return one list, `document_block` or `bank_account`, whole."""
        rows = run_all([{DOCUMENT_BLOCK: self._blocks, BANK_ACCOUNT: self._bank_accounts}[name]], self._deadline)[0]
        if isinstance(rows, BokkoError):
            raise rows
        return rows

    def close(self) -> None:
        """Let the connections go."""
        self._client.close()

    def _organization(self) -> Organization:
        return decode.organization(checked(self._client.get("/organization")).body)

    def _blocks(self) -> tuple[Row, ...]:
        rows = self._all_pages("/document-blocks", "the list of document blocks", {"type": "invoice"})
        return tuple(decode.block(row) for row in rows if decode.is_invoice_block(row))

    def _bank_accounts(self) -> tuple[Row, ...]:
        rows = self._all_pages("/bank-accounts", "the list of bank accounts", {})
        return tuple(decode.bank_account(row) for row in rows)

    def _all_pages(self, path: str, what: str, query: Mapping[str, str]) -> list[RawRow]:
        """Read every page, or raise: a list that is not whole proves nothing.

        A row made while the pages are read moves the others on, so an incomplete list is read once more.
        """
        fetch = partial(self._page, path, what, query)
        for _ in range(2):
            first = fetch(1)
            pages = [first, *self._further_pages(first, fetch, what)]
            rows = [row for page in pages for row in page.rows]
            if _is_whole(pages, rows):
                return rows
        raise UnexpectedAnswer(f"Unexpected answer from Billingo: {what} is incomplete.")

    def _page(self, path: str, what: str, query: Mapping[str, str], number: int) -> decode.Page:
        answer = checked(self._client.get(path, {**query, "page": number, "per_page": _PER_PAGE}))
        page = decode.page(answer.body, what)
        if page.current != number:
            raise UnexpectedAnswer(f"Unexpected answer from Billingo: {what} has page {page.current} as {number}.")
        return page

    def _further_pages(self, first: decode.Page, fetch: Callable[[int], decode.Page], what: str) -> list[decode.Page]:
        if first.last > _MOST_PAGES:
            raise UnexpectedAnswer(f"Unexpected answer from Billingo: {what} claims to have {first.last} pages.")
        numbers = range(2, first.last + 1)
        return run_whole([partial(fetch, number) for number in numbers], self._deadline, AT_ONCE)


def _is_whole(pages: list[decode.Page], rows: list[RawRow]) -> bool:
    """Whether nothing speaks against it: each page counts the pages alike, none is empty, no row is there twice."""
    is_steady = len({page.last for page in pages}) == 1 and (len(pages) == 1 or all(page.rows for page in pages))
    return is_steady and len({row["id"] for row in rows}) == len(rows) >= max(page.total or 0 for page in pages)
