"""What Számlázz.hu's answers mean: codes come in a header, in the body's XML or as plain text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol
from unicodedata import normalize
from urllib.parse import unquote_plus

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from bokko_cli.errors import BokkoError, KeyRejected, NoApiAccess, NoPermission, UnexpectedAnswer, Unreachable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.text import quoted, without_front
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.network.client import Response
from bokko_cli.providers.szamlazz.fields import SPEC

_ACCEPTED = "7"
_KEY_REFUSED = "3"
_NONE = "0"
_LOGIN_REFUSED = "sikertelen bejelentkezés"
_LONGEST_XML = 1024 * 1024
_LONGEST_TEXT = 4096
_PLAIN = re.compile(r"\[ERR\](.*)", re.DOTALL | re.IGNORECASE)
# A code stands right behind the mark, with or without a word for it; a number in the message is none.
_PLAIN_CODE = re.compile(
    r"\W*(?:hibak[oó]d|k[oó]d|error code|code)?\W*([0-9]+)(?!\w|\W\d)\W*(.*)", re.DOTALL | re.IGNORECASE
)
_PAGE = re.compile(rb"<(!doctype\s+)?html", re.IGNORECASE)
_TOO_MANY = 429
_FIRST_SERVER_ERROR = 500
_OK = 200
_LATER = N_("Try again later.")


@dataclass(frozen=True, slots=True)
class AgentAnswer:
    """A code of Számlázz.hu, empty where there was none, its words, and whether the body was a document."""

    code: str
    words: str
    is_document: bool = False


class _Element(Protocol):
    tag: str
    text: str | None

    def __iter__(self) -> Iterator["_Element"]: ...


def check(response: Response, key: ApiKey) -> None:
    """Return when the answer proves the key; raise what it means otherwise.

    Only code 7 and a document prove a key: anything that is not understood proves nothing.
    """
    if response.headers.get("szlahu_down") or response.status >= _FIRST_SERVER_ERROR:
        raise _unavailable(N_("Számlázz.hu is not available (HTTP {status}).", status=response.status))
    verdict = read(response)
    if verdict.code == _ACCEPTED or verdict.is_document:
        return
    raise _meaning(verdict, response, key)


def is_told_by_head(response: Response) -> bool:
    """Whether status and headers say enough, so that a body which cannot be read counts as none."""
    headers = response.headers
    return response.status != _OK or bool(
        headers.get("szlahu_down") or _header_code(response) or headers.get("szlahu_error")
    )


def read(response: Response) -> AgentAnswer:
    """Return what the channels say; where they differ, the one that does not accept the key counts.

    Raises UnexpectedAnswer or Unreachable for a body that is needed and cannot be read.
    """
    body = _read_body(response.body if is_told_by_head(response) else response.read())
    code, words = _header_code(response), unquote_plus(response.headers.get("szlahu_error", ""))
    if code == _ACCEPTED:
        return body if body.code or body.words else AgentAnswer(code, words)
    if code:
        return AgentAnswer(code, words)
    return body if body.code or body.words or body.is_document else AgentAnswer("", words)


def _header_code(response: Response) -> str:
    code = response.headers.get("szlahu_error_code", "").strip()
    return "" if code == _NONE else code


def _read_body(body: bytes) -> AgentAnswer:
    body = without_front(body)
    text = _decoded(body[:_LONGEST_TEXT])
    plain = _PLAIN.match(text)
    if plain:
        return _read_plain(plain[1])
    if _folded(text).startswith(_LOGIN_REFUSED):
        return AgentAnswer("", text)
    root = _root(body)
    if root is None:
        return AgentAnswer("", "")
    if _local_name(root) == "szamla":
        return AgentAnswer("", "", is_document=True)
    if _local_name(root) != "xmlszamlavalasz":
        return AgentAnswer("", "")
    codes = _texts(root, "hibakod")
    code = next((code for code in codes if code != _ACCEPTED), _ACCEPTED if codes else "")
    return AgentAnswer(code, " ".join(_texts(root, "hibauzenet")))


def _decoded(text: bytes) -> str:
    """Plain text comes without a word on its encoding: UTF-8, or what was usual in Hungary before."""
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut = error.end >= len(text) == _LONGEST_TEXT
        return text.decode("utf-8", "replace") if is_cut else text.decode("iso-8859-2")


def _is_login_refused(words: str) -> bool:
    """Whether the words are those of code 3, which may come without it."""
    return _LOGIN_REFUSED in _folded(words)


def _folded(text: str) -> str:
    return " ".join(normalize("NFC", text).casefold().split())


def _read_plain(text: str) -> AgentAnswer:
    coded = _PLAIN_CODE.match(text)
    return AgentAnswer(coded[1], coded[2]) if coded else AgentAnswer("", text)


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


def _meaning(verdict: AgentAnswer, response: Response, key: ApiKey) -> BokkoError:
    if not verdict.code and not verdict.words.strip():
        return _without_code(response)
    code = _KEY_REFUSED if verdict.code in ("", _NONE) and _is_login_refused(verdict.words) else verdict.code
    for codes, kind, message, fix in _MEANINGS:
        if code in codes:
            return kind(_with_words(message, verdict, key), fix=fix)
    message = N_("Számlázz.hu's answer does not say whether the key is good.")
    return UnexpectedAnswer(_with_words(message, verdict, key))


def _with_words(message: Sentence, verdict: AgentAnswer, key: ApiKey) -> Sentence:
    """Add the provider's own words, without the key if they repeat it."""
    code, words = (quoted(key.hidden_in(text)) for text in (verdict.code, verdict.words))
    if words and code:
        return N_("{message} Számlázz.hu says: {words} (code {code})", message=message, words=words, code=code)
    if words:
        return N_("{message} Számlázz.hu says: {words}", message=message, words=words)
    return N_("{message} Számlázz.hu gives no reason (code {code})", message=message, code=code)


_MEANINGS: tuple[tuple[tuple[str, ...], type[BokkoError], Sentence, Sentence], ...] = (
    (
        (_KEY_REFUSED,),
        KeyRejected,
        N_("Számlázz.hu refused this key."),
        N_("Copy the key again, or create a new one: {page} ({advice}).", page=SPEC.key_page, advice=SPEC.key_advice),
    ),
    (
        ("135",),
        NoPermission,
        N_("Somebody is logged in to this account in a browser."),
        N_("Log out of szamlazz.hu in the browser, then try again."),
    ),
    (
        ("136",),
        NoApiAccess,
        N_("Számlázz.hu blocks this account: its plan has expired, or an invoice is unpaid or was paid late."),
        N_("Pay or renew under Díjcsomagom: {page}", page=SPEC.key_page),
    ),
    (
        ("164",),
        NoPermission,
        N_("The user of this key has several accounts at Számlázz.hu."),
        N_("Use the Agent key of a user who belongs to this account alone: {page}", page=SPEC.key_page),
    ),
    (
        ("250",),
        NoPermission,
        N_("The user of this key has not yet accepted the delegation to this account."),
        N_("Log in to szamlazz.hu as that user and accept the delegation, then try again."),
    ),
    (("1",), Unreachable, N_("Számlázz.hu is not available."), _LATER),
)


def _without_code(response: Response) -> BokkoError:
    if response.status == _TOO_MANY:
        fix = N_("Wait a few minutes, then try again.")
        return Unreachable(N_("Számlázz.hu is busy (HTTP 429)."), fix=fix)
    if "html" in response.headers.get("content-type", "").lower() or _PAGE.match(without_front(response.body)):
        return _unavailable(
            N_("A web page came back instead of Számlázz.hu's answer (HTTP {status}).", status=response.status)
        )
    if response.status == _OK:
        return UnexpectedAnswer(N_("Unexpected answer from Számlázz.hu: neither a code nor a document."))
    return UnexpectedAnswer(
        N_(
            "Unexpected answer from Számlázz.hu: neither a code nor a document (HTTP {status}).",
            status=response.status,
        )
    )


def _unavailable(message: Sentence) -> Unreachable:
    return Unreachable(message, fix=_LATER)
