"""What Számlázz.hu's answers mean: codes come in a header, in the body's XML or as plain text."""

import re
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote_plus

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from bokko_cli.client import Answer
from bokko_cli.errors import BokkoError, KeyRejected, NoApiAccess, NoPermission, UnexpectedAnswer, Unreachable
from bokko_cli.providers.szamlazz.fields import TABLE
from bokko_cli.text import quoted

_ACCEPTED = "7"
_PLAIN = re.compile(r"\s*\[ERR\]\D{0,20}(\d+)?[\s:;,.-]*(.*)", re.DOTALL)
_FIRST_SERVER_ERROR = 500
_OK = 200
_LATER = "Try again later."


@dataclass(frozen=True, slots=True)
class Verdict:
    """A code of Számlázz.hu, empty where there was none, its words, and whether the body was a document."""

    code: str
    words: str
    is_document: bool = False


class _Element(Protocol):
    tag: str
    text: str | None


def check(answer: Answer) -> None:
    """Return when the answer proves the key; raise what it means otherwise.

    Only code 7 and a document prove a key: anything that is not understood proves nothing.
    """
    if answer.headers.get("szlahu_down") or answer.status >= _FIRST_SERVER_ERROR:
        raise _unavailable(f"Számlázz.hu is out of order (HTTP {answer.status}).")
    verdict = read(answer)
    if verdict.code == _ACCEPTED or (verdict.is_document and not verdict.code):
        return
    raise _meaning(verdict, answer)


def read(answer: Answer) -> Verdict:
    """Return the code of an answer from whichever channel carries one, the header first."""
    code = answer.headers.get("szlahu_error_code", "").strip()
    if code not in ("", "0"):
        return Verdict(code, unquote_plus(answer.headers.get("szlahu_error", "")))
    return _read_body(answer.body)


def _read_body(body: bytes) -> Verdict:
    plain = _PLAIN.match(body.decode("utf-8", "replace"))
    if plain:
        return Verdict(plain[1] or "", plain[2].strip())
    try:
        root = ElementTree.fromstring(body, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, RecursionError):
        return Verdict("", "")
    texts = {_local_name(element): (element.text or "").strip() for element in root.iter()}
    name = _local_name(root)
    if name == "szamla":
        return Verdict("", "", is_document=True)
    return (
        Verdict(texts.get("hibakod", ""), texts.get("hibauzenet", "")) if name == "xmlszamlavalasz" else Verdict("", "")
    )


def _local_name(element: _Element) -> str:
    return element.tag.rpartition("}")[2]


def _meaning(verdict: Verdict, answer: Answer) -> BokkoError:
    if not verdict.code:
        return _without_code(answer)
    said = f" Számlázz.hu says: {quoted(verdict.words)} (code {quoted(verdict.code)})"
    for codes, kind, message, fix in _MEANINGS:
        if verdict.code in codes:
            return kind(message + said, fix=fix)
    return UnexpectedAnswer(f"Számlázz.hu's answer does not say whether the key is good.{said}")


_MEANINGS: tuple[tuple[tuple[str, ...], type[BokkoError], str, str], ...] = (
    (
        ("3",),
        KeyRejected,
        "Számlázz.hu refused this key.",
        f"Copy the key again, or make a new one: {TABLE.key_page} ({TABLE.key_advice}).",
    ),
    (
        ("135",),
        NoPermission,
        "Somebody is logged in to this account in a browser.",
        "Log out of szamlazz.hu in the browser, then run this again.",
    ),
    (
        ("136",),
        NoApiAccess,
        "The subscription of this account has expired or is unpaid.",
        "Pay or renew the subscription at szamlazz.hu.",
    ),
    (
        ("164", "250"),
        NoPermission,
        "The user of this key has several accounts, or a delegation is open.",
        "Accept the delegation at szamlazz.hu, or use the key of a user of this account alone.",
    ),
    (("1",), Unreachable, "Számlázz.hu is out of order.", _LATER),
)


def _without_code(answer: Answer) -> BokkoError:
    if answer.is_html and not answer.body.lstrip().startswith(b"<?xml"):
        return _unavailable(f"A web page came instead of Számlázz.hu's answer (HTTP {answer.status}).")
    http = "" if answer.status == _OK else f" (HTTP {answer.status})"
    return UnexpectedAnswer(f"Unexpected answer from Számlázz.hu: neither a code nor a document{http}.")


def _unavailable(message: str) -> Unreachable:
    return Unreachable(message, fix=_LATER)
