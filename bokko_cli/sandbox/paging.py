"""Lists in pages, in the envelope that Laravel gives them."""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from bokko_cli.sandbox.exchange import Json, Request, Response, invalid, json_answer

DEFAULT_PER_PAGE = 25
MOST_PER_PAGE = 100


def listing(request: Request, rows: Iterable[Json]) -> Response:
    """One page of rows, newest first; a page beyond the last is empty."""
    page, per_page = whole_number(request, "page", 1), whole_number(request, "per_page", DEFAULT_PER_PAGE)
    errors = {}
    if page is None or page < 1:
        errors["page"] = "The page must be at least 1."
    if per_page is None or not 1 <= per_page <= MOST_PER_PAGE:
        errors["per_page"] = f"The per page must be between 1 and {MOST_PER_PAGE}."
    if page is None or per_page is None or errors:
        return invalid(errors)
    newest_first = sorted(rows, key=lambda row: int(str(row["id"])), reverse=True)
    return json_answer(200, page_of(newest_first, page, per_page, request))


def page_of(rows: Sequence[Json], page: int, per_page: int, request: Request) -> Json:
    """Wrap one page of a list; the links keep the other parameters, and where there is no page they are empty."""
    last = max(1, -(-len(rows) // per_page))
    return {
        "data": rows[(page - 1) * per_page : page * per_page],
        "total": len(rows),
        "per_page": per_page,
        "current_page": page,
        "last_page": last,
        "prev_page_url": link(request, page - 1) if page > 1 else "",
        "next_page_url": link(request, page + 1) if page < last else "",
    }


def link(request: Request, page: int) -> str:
    """Address another page of the same list."""
    return f"{request.origin}{request.path}?{urlencode({**request.query, 'page': page})}"


def whole_number(request: Request, name: str, default: int) -> int | None:
    """Read a parameter as a number; none where it is something else."""
    text = request.query.get(name)
    if text is None:
        return default
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 19 else None  # noqa: PLR2004  # 64 bits
