"""Billingo's interface, version 3: the organisation and the lists that a setup is picked from.

Source: https://app.swaggerhub.com/apis/Billingo/Billingo (3.0.14).
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

from bokko_cli.deadline import Deadline
from bokko_cli.errors import BokkoError
from bokko_cli.model.apikey import ApiKey, clean_key
from bokko_cli.model.values import ORGANIZATION, Organization, Row, Survey, WriteAccess
from bokko_cli.model.wording import N_
from bokko_cli.network.client import Client
from bokko_cli.network.exchange import USUAL_PACE, Pace
from bokko_cli.network.parallel import Stopwatch, run_all
from bokko_cli.providers.base import OpenProvider
from bokko_cli.providers.billingo import decode
from bokko_cli.providers.billingo.allowed_requests import REQUESTS
from bokko_cli.providers.billingo.fields import BANK_ACCOUNT, DOCUMENT_BLOCK, SPEC
from bokko_cli.providers.billingo.pages import all_rows
from bokko_cli.providers.billingo.refusals import data_of
from bokko_cli.providers.billingo.write_access import write_access
from bokko_cli.providers.billingo.writes import Writes


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
            endpoint, SPEC.title, REQUESTS, {"X-API-KEY": clean_key(key.reveal()).reveal()}, deadline, notify, pace
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

    def _blocks(self) -> tuple[Row, ...]:
        return all_rows(
            lambda paging: self._get("/document-blocks", {"type": "invoice", **paging}),
            N_("the list of document blocks"),
            decode.invoice_block,
            self._deadline,
        )

    def _bank_accounts(self) -> tuple[Row, ...]:
        return all_rows(
            lambda paging: self._get("/bank-accounts", paging),
            N_("the list of bank accounts"),
            decode.bank_account,
            self._deadline,
        )

    def _get(self, path: str, query: Mapping[str, str | int] | None = None) -> bytes:
        return data_of(self._client.get(path, query), self._key, self._endpoint)
