"""What Számlázz.hu's answers mean: codes come in a header, in the body's XML or as plain text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote_plus

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from bokko_cli.errors import BokkoError, KeyRejected, NoApiAccess, NoPermission, UnexpectedAnswer, Unreachable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.text import quoted
from bokko_cli.network.client import Answer
from bokko_cli.providers.szamlazz.fields import SPEC

_ACCEPTED = "7"
_LONGEST_XML = 1024 * 1024
_LONGEST_TEXT = 4096
_PLAIN = re.compile(r"[\ufeff\s]*\[ERR\](.*)", re.DOTALL | re.IGNORECASE)
# A code stands right behind the mark, with or without a word for it; a number in the message is none.
_PLAIN_CODE = re.compile(
    r"\W*(?:hibak[oó]d|k[oó]d|error code|code)?\W*([0-9]+)(?!\w|\W\d)\W*(.*)", re.DOTALL | re.IGNORECASE
)
_PAGE = re.compile(rb"[\xef\xbb\xbf\s]*<(!doctype\s+)?html", re.IGNORECASE)
_TOO_MANY = 429
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

    def __iter__(self) -> Iterator["_Element"]: ...


def check(answer: Answer, key: ApiKey) -> None:
    """Return when the answer proves the key; raise what it means otherwise.

    Only code 7 and a document prove a key: anything that is not understood proves nothing.
    """
    if answer.headers.get("szlahu_down") or answer.status >= _FIRST_SERVER_ERROR:
        raise _unavailable(f"Számlázz.hu is out of order (HTTP {answer.status}).")
    verdict = read(answer)
    if verdict.code == _ACCEPTED or verdict.is_document:
        return
    raise _meaning(verdict, answer, key)


def read(answer: Answer) -> Verdict:
    """Return what the channels say; where they differ, the one that does not accept the key counts."""
    body = _read_body(answer.body)
    code = answer.headers.get("szlahu_error_code", "").strip()
    if code in ("", "0") or (code == _ACCEPTED and (body.code or body.words)):
        return body
    return Verdict(code, unquote_plus(answer.headers.get("szlahu_error", "")))


def _read_body(body: bytes) -> Verdict:
    plain = _PLAIN.match(body[:_LONGEST_TEXT].decode("utf-8", "replace"))
    if plain:
        return _read_plain(plain[1])
    root = _root(body)
    if root is None:
        return Verdict("", "")
    if _local_name(root) == "szamla":
        return Verdict("", "", is_document=True)
    if _local_name(root) != "xmlszamlavalasz":
        return Verdict("", "")
    codes = _texts(root, "hibakod")
    code = next((code for code in codes if code != _ACCEPTED), _ACCEPTED if codes else "")
    return Verdict(code, " ".join(_texts(root, "hibauzenet")))


def _read_plain(text: str) -> Verdict:
    coded = _PLAIN_CODE.match(text)
    return Verdict(coded[1], coded[2]) if coded else Verdict("", text)


def _root(body: bytes) -> _Element | None:
    """Return the root of an answer's XML, `None` where there is none: no answer is longer than a megabyte."""
    if len(body) > _LONGEST_XML:
        return None
    try:
        root: _Element = ElementTree.fromstring(body, forbid_dtd=True)
    # LookupError: an encoding that nobody knows.
    except (ElementTree.ParseError, DefusedXmlException, ValueError, LookupError, RecursionError):
        return None
    return root


def _texts(root: _Element, name: str) -> list[str]:
    return [(element.text or "").strip() for element in root if _local_name(element) == name]


def _local_name(element: _Element) -> str:
    return element.tag.rpartition("}")[2]


def _meaning(verdict: Verdict, answer: Answer, key: ApiKey) -> BokkoError:
    if not verdict.code and not verdict.words.strip():
        return _without_code(answer)
    said = _said(verdict, key)
    for codes, kind, message, fix in _MEANINGS:
        if verdict.code in codes:
            return kind(f"{message} {said}", fix=fix)
    return UnexpectedAnswer(f"Számlázz.hu's answer does not say whether the key is good. {said}")


def _said(verdict: Verdict, key: ApiKey) -> str:
    """Return the provider's own words, without the key if they repeat it."""
    code, words = (quoted(key.hidden_in(text)) for text in (verdict.code, verdict.words))
    told = f"Számlázz.hu says: {words}" if words else "Számlázz.hu gives no reason"
    return f"{told} (code {code})" if code else told


_MEANINGS: tuple[tuple[tuple[str, ...], type[BokkoError], str, str], ...] = (
    (
        ("3",),
        KeyRejected,
        "Számlázz.hu refused this key.",
        f"Copy the key again, or make a new one: {SPEC.key_page} ({SPEC.key_advice}).",
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
    if answer.status == _TOO_MANY:
        return Unreachable("Számlázz.hu is busy (HTTP 429).", fix="Wait some minutes, then run the command again.")
    if "html" in answer.headers.get("content-type", "").lower() or _PAGE.match(answer.body):
        return _unavailable(f"A web page came instead of Számlázz.hu's answer (HTTP {answer.status}).")
    http = "" if answer.status == _OK else f" (HTTP {answer.status})"
    return UnexpectedAnswer(f"Unexpected answer from Számlázz.hu: neither a code nor a document{http}.")


def _unavailable(message: str) -> Unreachable:
    return Unreachable(message, fix=_LATER)
