"""What a response to a write means: something was made, surely nothing was, or nobody knows."""

from typing import NamedTuple

from bokko_cli.errors import BokkoError, ExitCode, RehearsalRefused
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.rehearsing import READ_ONLY
from bokko_cli.model.text import quoted
from bokko_cli.model.wording import N_, Sentence, lines
from bokko_cli.network.client import Response
from bokko_cli.providers.billingo.decode import error_body, field_messages
from bokko_cli.providers.billingo.fields import SPEC
from bokko_cli.providers.billingo.refusals import meaning, new_key, with_words

_MADE = (200, 201)
_DELETED = 204
_NOT_IN_PLAN = 402
_NOBODY_ELSES = (401, 402)
"""Statuses that nothing between here and Billingo answers with, so that they count without a body too."""
_NOT_FOUND = 404
INCOMPLETE = 422


def made(response: Response, key: ApiKey, *, is_draft: bool = False) -> bytes:
    """Return the body of what was made; raises RehearsalRefused where surely nothing was, Unreachable where it may."""
    if response.status in _MADE:
        body = response.read()
        if not response.is_html:
            return body
    raise write_meaning(response, key, is_draft=is_draft)


def deleted(response: Response, key: ApiKey) -> bool:
    """Raise unless it is gone, for which Billingo has one status; return whether it was not even found."""
    if response.status == _DELETED:
        return False
    if is_not_found(response):
        return True
    raise write_meaning(response, key)


def is_not_found(response: Response) -> bool:
    """Whether Billingo itself, and not a proxy, says that there is no such thing."""
    return response.status == _NOT_FOUND and error_body(response.body).is_billingos


def write_meaning(response: Response, key: ApiKey, *, is_draft: bool = False) -> BokkoError:
    """Return what no success means; RehearsalRefused is a no of Billingo itself, not of a proxy or a firewall."""
    told = error_body(response.body)
    is_billingos = told.is_billingos or (response.status in _NOBODY_ELSES and not response.body)
    if response.status == INCOMPLETE and not response.is_html:
        return _settings_refused(response.body, key)
    if response.status not in _NOES or not is_billingos:
        return meaning(response, key, SPEC.endpoint)
    no = _NO_DRAFTS if response.status == _NOT_IN_PLAN and is_draft else _NOES[response.status]
    return RehearsalRefused(with_words(no.message, told, key), ExitCode.REFUSED, no.code, fix=no.fix)


class _No(NamedTuple):
    message: Sentence
    code: str
    fix: Sentence


_KEY_FIX = N_(
    "Create a key that can read and write: {page} ({advice}). Then connect with it.",
    page=SPEC.key_page,
    advice=SPEC.key_advice,
)
_PLAN_FIX = N_("{advice} Then rehearse again.", advice=SPEC.plan_advice)
_NO_DRAFTS = _No(
    N_("The subscription of this Billingo account does not include drafts."), "drafts_not_in_plan", _PLAN_FIX
)
_NOES = {
    400: _No(
        N_("Billingo refused the request to write."),
        "write_refused",
        N_("The account's daily quota may be used up: try again tomorrow."),
    ),
    401: _No(N_("Billingo refused this key."), "key_rejected", new_key()),
    402: _No(
        N_("The subscription of this Billingo account does not include writing through the API."),
        "write_refused",
        _PLAN_FIX,
    ),
    403: _No(N_("Billingo does not let this key write; it can only read."), READ_ONLY, _KEY_FIX),
}


def _settings_refused(body: bytes, key: ApiKey) -> RehearsalRefused:
    told = [
        N_("{field}: {message}", field=quoted(key.hidden_in(field)), message=quoted(key.hidden_in(message)))
        for field, message in field_messages(body)
    ]
    message = lines(N_("Billingo does not accept these settings together."), *told)
    fix = N_("Choose other settings, or change them in Billingo.")
    return RehearsalRefused(message, ExitCode.NOT_READY, "settings_refused", fix=fix)
