"""What each HTTP status of Billingo means, in our errors."""

from bokko_cli.errors import BokkoError, KeyRejected, NoApiAccess, NoPermission, UnexpectedAnswer, Unreachable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.text import quoted, without_front
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.network.client import Response
from bokko_cli.providers.billingo.decode import ErrorBody, error_body
from bokko_cli.providers.billingo.fields import PLAN_PAGE, SPEC

_OK = 200
_NOT_FOUND = 404
_TOO_MANY = 429
_FIRST_SERVER_ERROR = 500


def data_of(response: Response, key: ApiKey, endpoint: str = SPEC.endpoint) -> bytes:
    """Return the body of a 200 with data; raise for anything else what it means, in words that never repeat the key."""
    if response.status == _OK:
        body = response.read()
        if not response.is_html:
            return body
    raise meaning(response, key, endpoint)


def meaning(response: Response, key: ApiKey, endpoint: str) -> BokkoError:
    """Return what a response without data means.

    The status counts first; what stands in the body only as far as it is Billingo's own.
    """
    told = error_body(response.body)
    if response.status >= _FIRST_SERVER_ERROR:
        return _server_error(response.status, told, key)
    if response.status == _TOO_MANY:
        message = N_("Billingo is busy: too many requests.")
        return Unreachable(with_words(message, told, key), fix=N_("Wait a minute, then try again."))
    if response.status == _NOT_FOUND and not _is_of_version_3(endpoint):
        return UnexpectedAnswer(
            N_("There is no Billingo at {endpoint} (HTTP 404).", endpoint=endpoint),
            fix=N_(
                "The address in {variable} must end in /v3: correct the variable, or unset it.",
                variable=SPEC.url_variable,
            ),
        )
    if response.is_html:
        # A captive portal or a proxy answers with such statuses too, and knows nothing of any key.
        return UnexpectedAnswer(
            N_(
                "A web page came back instead of Billingo's answer (HTTP {status}).",
                status=response.status,
            ),
            fix=N_("Open any page in a browser: this network may want you to log in first."),
        )
    return _refusal(response, told, key)


def _is_of_version_3(endpoint: str) -> bool:
    return endpoint.rstrip("/").endswith("/v3")


def _server_error(status: int, told: ErrorBody, key: ApiKey) -> Unreachable:
    message = with_words(N_("Billingo could not answer (HTTP {status}).", status=status), told, key)
    trace = quoted(key.hidden_in(told.trace_id))
    if not trace:
        return Unreachable(message, fix=N_("Try again later."))
    return Unreachable(
        N_("{message} Trace id: {trace}.", message=message, trace=trace),
        fix=N_("Try again later; Billingo's support will ask for the trace id."),
    )


def _refusal(response: Response, told: ErrorBody, key: ApiKey) -> BokkoError:
    # A firewall or a proxy answers with these statuses too. 401 and 402 count without a body, since nobody else sends
    # them so; a 403 may come from anywhere.
    is_billingos = told.is_billingos or (response.status != 403 and not without_front(response.body))  # noqa: PLR2004  # Forbidden
    match response.status:
        case 401 if is_billingos:
            return KeyRejected(with_words(N_("Billingo refused this key."), told, key), fix=new_key())
        case 402 if is_billingos:
            message = N_("The subscription of this Billingo account has no API access.")
            return NoApiAccess(with_words(message, told, key), fix=_plan())
        case 403 if is_billingos:
            return NoPermission(with_words(N_("This key has no permission for this request."), told, key), fix=_scope())
        case 401 | 402 | 403:
            return UnexpectedAnswer(
                N_(
                    "Something between this computer and Billingo refused the request (HTTP {status}); this "
                    "says nothing about the key.",
                    status=response.status,
                ),
                fix=N_("Check firewall, VPN and proxy, or try from another network."),
            )
    message = N_("Unexpected answer from Billingo (HTTP {status}).", status=response.status)
    return UnexpectedAnswer(with_words(message, told, key), fix=_quota() if response.status == 400 else "")  # noqa: PLR2004  # Bad Request


def with_words(message: Sentence, told: ErrorBody, key: ApiKey) -> Sentence:
    """Return a message with Billingo's own words where there are some, without the key if they repeat it."""
    words = quoted(key.hidden_in(told.message))
    return N_("{message} Billingo says: {words}", message=message, words=words) if words else message


def new_key() -> Sentence:
    """Return what to do about a key that is refused."""
    return N_("Copy the key again, or create a new one: {page} ({advice}).", page=SPEC.key_page, advice=SPEC.key_advice)


def _plan() -> Sentence:
    return N_(
        "Buy the add-on API + tömeges számlagenerálás in Billingo (Árak, előfizetés, {page}), or use the key "
        "of an account that has it. Drafts also need at least the Basic plan.",
        page=PLAN_PAGE,
    )


def _scope() -> Sentence:
    return N_(
        "Create a key with API hatásköre: Olvasás, írás ({page}). If the key has changed since, it may belong "
        "to a different account from the saved document block and bank account: choose them again.",
        page=SPEC.key_page,
    )


def _quota() -> Sentence:
    return N_(
        "The account's daily quota may be used up: try again tomorrow. If the error remains, run the command with "
        "--debug and report what it prints."
    )
