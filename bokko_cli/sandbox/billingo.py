"""Billingo's API v3, from a request to an answer: what a key may do, the routes, blocks and bank accounts."""

import json
import os
import re
import time
from collections.abc import Callable, Mapping

from bokko_cli.sandbox import documents, partners, reference
from bokko_cli.sandbox.exchange import Json, Request, Response, failure, invalid, json_answer
from bokko_cli.sandbox.paging import listing
from bokko_cli.sandbox.vocabulary import BLOCK_TYPES
from bokko_cli.sandbox.world import Account, BankAccount, Block

REQUESTS_A_MINUTE = 300


def answer(account: Account | None, request: Request) -> Response:
    """Answer for the account behind the key sent, or for none; one at a time for each account."""
    if account is None:
        return with_rate_limit(refuse_key())
    with account.lock:
        plain = refusal(account, request) or route(account, request)
    return oddly(plain) if account.behaviour == "odd" else with_rate_limit(plain)


def oddly(plain: Response) -> Response:
    """Say null where the description has an empty text."""
    if not plain.body:
        return plain
    return json_answer(plain.status, nulled(json.loads(plain.body)), plain.headers)


def nulled(value: object) -> object:
    """Put null in place of every empty text, however deep."""
    if isinstance(value, dict):
        return {name: nulled(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [nulled(inner) for inner in value]
    return None if value == "" else value


def with_rate_limit(plain: Response) -> Response:
    """Add the headers that the description names for every status but 402."""
    if plain.status == 402:  # noqa: PLR2004  # Payment Required
        return plain
    now = int(time.time())
    remaining = 0 if plain.status == 429 else REQUESTS_A_MINUTE - 1  # noqa: PLR2004  # Too Many Requests
    headers = {
        "X-RateLimit-Limit": str(REQUESTS_A_MINUTE),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(now + 60),
        **plain.headers,
    }
    return Response(plain.status, plain.body, plain.content_type, headers)


def refusal(account: Account, request: Request) -> Response | None:
    """Do what the key itself stands for, before any route is looked at."""
    match account.behaviour:
        case "refuses_key":
            return refuse_key()
        case "no_api":
            return failure(402, "You do not have subscription for this operation")
        case "down":
            return failure(500, "Internal Server Error.", trace_id=os.urandom(16).hex())
        case "read_only" if request.method != "GET":
            return failure(403, "You do not have permission to access this resource.")
        case "busy" if (request.method, request.path) not in account.turned_away:
            account.turned_away.add((request.method, request.path))
            return json_answer(429, {"error": {"message": "Too many requests"}}, {"Retry-After": "1"})
    return None


def refuse_key() -> Response:
    """Use the sentence of the description, the header's name filled in."""
    return failure(401, "Authorization information (Header: X-API-KEY) is missing or invalid.")


def route(account: Account, request: Request) -> Response:
    """Find the route by its whole path, or by a pattern whose group is what the path names."""
    path = request.path.removeprefix("/v3")
    if whole := ROUTES.get((request.method, path)):
        return whole(account, request)
    for (method, pattern), one in ROUTES_WITH_ID.items():
        if method == request.method and (match := re.fullmatch(pattern, path)):
            return one(account, match[1], request)
    return failure(404, "The requested resource was not found.")


def list_blocks(account: Account, request: Request) -> Response:
    """All blocks, or those of one type."""
    wanted = request.query.get("type")
    if wanted is not None and wanted not in BLOCK_TYPES:
        return invalid({"type": "The selected type is invalid."})
    return listing(request, [shown_block(row) for row in account.blocks if wanted in {None, row.type}])


def list_bank_accounts(account: Account, request: Request) -> Response:
    """All bank accounts."""
    return listing(request, [shown_bank_account(row) for row in account.bank_accounts])


def show_bank_account(account: Account, last: str, _: Request) -> Response:
    """One bank account."""
    for row in account.bank_accounts:
        if str(row.id) == last:
            return json_answer(200, shown_bank_account(row))
    return failure(404, "The requested bank account was not found.")


def shown_block(row: Block) -> Json:
    """Put a block into the wire's words."""
    return {
        "id": row.id,
        "name": row.name,
        "prefix": row.prefix,
        "custom_field1": "",
        "custom_field2": "",
        "type": row.type,
    }


def shown_bank_account(row: BankAccount) -> Json:
    """Put a bank account into the wire's words."""
    return {
        "id": row.id,
        "name": row.name,
        "account_number": row.number,
        "account_number_iban": row.iban,
        "swift": row.swift,
        "currency": row.currency,
        "need_qr": False,
    }


ROUTES: Mapping[tuple[str, str], Callable[[Account, Request], Response]] = {
    ("GET", "/document-blocks"): list_blocks,
    ("GET", "/bank-accounts"): list_bank_accounts,
    ("GET", "/organization"): reference.show_organization,
    ("GET", "/partners"): partners.listed,
    ("POST", "/partners"): partners.create,
    ("POST", "/partners/guess"): partners.guess,
    ("GET", "/documents"): documents.listed,
    ("POST", "/documents"): documents.create,
    ("GET", "/currencies"): reference.show_rate,
    ("GET", "/utils/time"): reference.show_time,
}
ROUTES_WITH_ID: Mapping[tuple[str, str], Callable[[Account, str, Request], Response]] = {
    ("GET", "/bank-accounts/([^/]*)"): show_bank_account,
    ("GET", "/partners/([^/]*)"): partners.show,
    ("PUT", "/partners/([^/]*)"): partners.update,
    ("DELETE", "/partners/([^/]*)"): partners.delete,
    ("GET", "/documents/([^/]*)"): documents.show,
    ("PUT", "/documents/([^/]*)"): documents.convert,
    ("DELETE", "/documents/([^/]*)"): documents.delete,
    ("POST", "/documents/([^/]*)/copy"): documents.copy,
    ("POST", "/documents/([^/]*)/send"): documents.send,
    ("GET", "/documents/vendor/(.+)"): documents.show_by_vendor_id,
    ("GET", "/utils/check-tax-number/([^/]*)"): reference.check_tax_number,
}
