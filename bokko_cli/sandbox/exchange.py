"""What comes in and what goes out over HTTP, as plain values."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Json = dict[str, object]
"""An object as JSON has it: what is sent, what is kept, and what is shown."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request, its body read whole; HEAD has become GET, and `origin` is the `http://host:port` it was sent to."""

    method: str
    path: str
    query: Mapping[str, str]
    body: bytes
    origin: str
    content_type: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """One answer; `headers` come on top of length, type and connection."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(status: int, document: object, headers: Mapping[str, str] | None = None) -> Response:
    """Escaped to ASCII, so that a lone surrogate somebody posted can be sent back."""
    return Response(status, json.dumps(document, allow_nan=False).encode("ascii"), headers=headers or {})


def failure(status: int, message: str, **more: str) -> Response:
    """Billingo's error body, all statuses but 422."""
    return json_answer(status, {"error": {"message": message, **more}})


def invalid(errors: Mapping[str, str]) -> Response:
    """Billingo's 422, from fields to what is wrong with each."""
    listed = [{"field": name, "message": message} for name, message in errors.items()]
    return json_answer(422, {"message": "Validation Failed", "errors": listed})


def parse_object(body: bytes) -> dict[str, object] | None:
    """Read the JSON object in a body; none where there isn't one, or one that JSON itself would not allow."""
    try:
        document = json.loads(body.decode("utf-8"), parse_constant=float_of, parse_float=float_of)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def float_of(text: str) -> float:
    """Read a finite number; raises ValueError for NaN and for what overflows."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def is_text(value: object) -> bool:
    """Tell whether it is a string with something in it."""
    return isinstance(value, str) and bool(value.strip())


def is_date(value: object) -> bool:
    """`2026-11-22`, and none of ISO 8601's other forms."""
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
