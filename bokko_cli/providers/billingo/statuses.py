"""What each HTTP status of Billingo means, in our errors."""

from bokko_cli.errors import BokkoError, KeyRejected, NoApiAccess, NoPermission, UnexpectedAnswer, Unreachable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.text import quoted
from bokko_cli.network.client import Answer
from bokko_cli.providers.billingo.decode import error_message
from bokko_cli.providers.billingo.fields import SPEC

_OK = 200
_TOO_MANY = 429
_FIRST_SERVER_ERROR = 500
_ACCESS_FIX = (
    "API access is an add-on of the Billingo subscription: add it in Billingo → Settings → Subscription, "
    "or use the key of an account that has it."
)


def checked(answer: Answer, key: ApiKey) -> Answer:
    """Return a 200 with data; raise for anything else what it means, in words that never repeat the key."""
    if answer.status == _OK and not answer.is_html:
        return answer
    raise _meaning(answer, key)


def _meaning(answer: Answer, key: ApiKey) -> BokkoError:
    message, trace = (quoted(key.hidden_in(text)) for text in error_message(answer.body))
    said = f" Billingo says: {message}" if message else ""
    if answer.status >= _FIRST_SERVER_ERROR:
        traced = f" Trace id: {trace}." if trace else ""
        fix = "Try again later; Billingo's support will ask for the trace id." if trace else "Try again later."
        return Unreachable(f"Billingo could not answer (HTTP {answer.status}).{said}{traced}", fix=fix)
    if answer.is_html and answer.status != _TOO_MANY:
        # A captive portal or a proxy answers with such statuses too, and knows nothing of any key.
        return UnexpectedAnswer(
            f"Unexpected answer: a web page (HTTP {answer.status}) instead of Billingo's data.",
            fix="Open any page in a browser: this network may want you to log in first.",
        )
    return _refusal(answer.status, said)


def _refusal(status: int, said: str) -> BokkoError:
    match status:
        case 401:
            fix = f"Copy the key again, or make a new one: {SPEC.key_page} ({SPEC.key_advice})."
            return KeyRejected(f"Billingo refused this key.{said}", fix=fix)
        case 402:
            return NoApiAccess(f"The subscription of this Billingo account has no API access.{said}", fix=_ACCESS_FIX)
        case 403:
            fix = f"Make a key with scope read and write: {SPEC.key_page}"
            return NoPermission(f"This key has no permission for that.{said}", fix=fix)
        case 429:
            return Unreachable(f"Billingo is busy: too many requests.{said}", fix="Wait a minute, then run this again.")
    return UnexpectedAnswer(f"Unexpected answer from Billingo (HTTP {status}).{said}")
