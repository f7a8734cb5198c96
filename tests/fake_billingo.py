"""A small Billingo that tests change at will, and its rows, pages and errors."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.servers import ScriptedAnswer, Seen, WholeAnswer, json_answer


def _organization() -> dict[str, object]:
    return {
        "tax_code": "13421739-2-41",
        "subscription": {"expiration_date": "2099-12-31", "features": ["api"]},
        "has_nav_connection": True,
    }


def _blocks() -> list[dict[str, object]]:
    return [block(40101, "Webshop", "WEB"), block(40102, "Bolt", "B"), block(40103, "Nyugta", "NY", "receipt")]


def _accounts() -> list[dict[str, object]]:
    return [
        account(7001, "OTP HUF", "11773016-11111018-00000000", "HUF"),
        account(7002, "Erste EUR", "11600006-00000000-12345676", "EUR"),
    ]


def block(number: int, name: str, prefix: str | None, kind: str = "invoice") -> dict[str, object]:
    """Return a document block as Billingo lists it."""
    return {
        "id": number,
        "name": name,
        "prefix": prefix,
        "custom_field1": None,
        "custom_field2": None,
        "type": kind,
    }


def account(number: int, name: str, account_number: str, currency: str, iban: str = "") -> dict[str, object]:
    """Return a bank account as Billingo lists it; what is unset is an empty text there."""
    return {
        "id": number,
        "name": name,
        "account_number": account_number,
        "account_number_iban": iban,
        "swift": "",
        "currency": currency,
        "need_qr": False,
    }


def error_answer(status: int, message: str, **more: str) -> ScriptedAnswer:
    """Answer with Billingo's error body; what is more (`trace_id`) stands inside it."""
    return json_answer(status, {"error": {"message": message, **more}})


@dataclass
class FakeBillingo:
    """A tiny Billingo to change at will: `Server(fake.answer)`, with `/v3` behind the server's address.

    The paths in `override` are without `/v3`. Lists are given in the order in which they stand here.
    """

    organization: dict[str, object] = field(default_factory=_organization)
    blocks: list[dict[str, object]] = field(default_factory=_blocks)
    accounts: list[dict[str, object]] = field(default_factory=_accounts)
    override: dict[str, Callable[[Seen], ScriptedAnswer] | ScriptedAnswer] = field(default_factory=dict)
    latency: float = 0.0
    key: str = "63faa428-9044-11ea-8ed0-0242ac120005"

    def answer(self, seen: Seen) -> ScriptedAnswer:
        answer = self._answer(seen)
        if self.latency and isinstance(answer, WholeAnswer):
            return dataclasses.replace(answer, delay=answer.delay + self.latency)
        return answer

    def _answer(self, seen: Seen) -> ScriptedAnswer:
        path = seen.path.removeprefix("/v3")
        if path in self.override:
            scripted = self.override[path]
            return scripted(seen) if callable(scripted) else scripted
        if seen.headers.get("x-api-key") != self.key:
            return error_answer(401, "Authorization information (Header: X-API-KEY) is missing or invalid.")
        if path == seen.path or seen.method != "GET":
            return error_answer(404, "Not found")
        return self._resource(path, seen.query)

    def _resource(self, path: str, query: dict[str, str]) -> ScriptedAnswer:
        kind = query.get("type")
        match path.strip("/").split("/"):
            case ["organization"]:
                return json_answer(200, self.organization)
            case ["document-blocks"]:
                return page([row for row in self.blocks if kind is None or row.get("type") == kind], query)
            case ["bank-accounts"]:
                return page(self.accounts, query)
            case ["bank-accounts", wanted]:
                rows = [row for row in self.accounts if str(row.get("id")) == wanted]
                return json_answer(200, rows[0]) if rows else error_answer(404, "Not found")
            case ["utils", "check-tax-number", _]:
                return json_answer(200, {"result": "validation_ok"})
            case _:
                return error_answer(404, "Not found")


def page(rows: list[dict[str, object]], query: dict[str, str]) -> ScriptedAnswer:
    """Answer with the asked page of the rows; `per_page` beyond 1 to 100 is Billingo's 422."""
    number, size = int(query.get("page", "1")), int(query.get("per_page", "25"))
    if not 1 <= size <= 100:
        errors = [{"field": "per_page", "message": "The per page must be between 1 and 100."}]
        return json_answer(422, {"message": "Validation Failed", "errors": errors})
    last = max(1, -(-len(rows) // size))
    listing = {
        "data": rows[(number - 1) * size : number * size],
        "total": len(rows),
        "per_page": size,
        "current_page": number,
        "last_page": last,
        "prev_page_url": f"/?page={number - 1}" if number > 1 else None,
        "next_page_url": f"/?page={number + 1}" if number < last else None,
    }
    return json_answer(200, listing)
