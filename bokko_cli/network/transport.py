"""The way to an address: TLS, proxy, and why there may be none."""

import os
import socket
import ssl
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import httpx

from bokko_cli.errors import InvalidValue, Unreachable
from bokko_cli.model.wording import N_
from bokko_cli.network.proxy import proxy_for, proxy_not_reached, resolvable, unusable_proxy
from bokko_cli.network.request_gate import Permit, Permitted

_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
"""In the order in which httpx looks at them."""
_KEY_LOG = "SSLKEYLOGFILE"


def transport_to(endpoint: str, at_once: int, permits: Sequence[Permit]) -> Permitted:
    """Return what carries these requests to an address, and no others.

    Raises InvalidValue for certificates or a proxy of no use.
    """
    return Permitted(_any_transport_to(endpoint, at_once), endpoint, permits)


def _any_transport_to(endpoint: str, at_once: int) -> httpx.HTTPTransport:
    limits = httpx.Limits(max_connections=2 * at_once, max_keepalive_connections=at_once)
    proxy = proxy_for(endpoint)
    # Plain http is for loopback only; a TLS context that nothing uses would cost 15 ms there.
    verify = False if endpoint.startswith("http:") else _trusted()
    if proxy is None:
        return httpx.HTTPTransport(verify=verify, limits=limits)
    if proxy.is_socks:
        raise unusable_proxy(proxy)
    try:
        return httpx.HTTPTransport(verify=verify, limits=limits, proxy=resolvable(proxy.url))
    except (ValueError, ImportError, httpx.InvalidURL):
        raise unusable_proxy(proxy) from None


def _trusted() -> ssl.SSLContext:
    key_log = os.environ.get(_KEY_LOG, "")
    if key_log:
        _try_key_log(Path(key_log))
    try:
        return _tls_context(*map(os.environ.get, _CERTIFICATES), key_log)
    except OSError:
        variable = _variable_of_certificates()
        if not variable:
            raise InvalidValue(
                N_("The certificates that came with bokko cannot be read."),
                fix=N_("Install bokko again, or set SSL_CERT_FILE to this system's certificates."),
            ) from None
        raise InvalidValue(
            N_(
                "The certificates that {variable} names cannot be read: {path}.",
                variable=variable,
                path=os.environ[variable],
            ),
            fix=N_("Correct {variable}, or unset it.", variable=variable),
            variable=variable,
        ) from None


def _try_key_log(path: Path) -> None:
    """Open the file that Python's TLS writes its keys to, as it will; raises InvalidValue."""
    try:
        with path.open("ab"):
            pass
    except (OSError, ValueError):
        raise InvalidValue(
            N_("{variable} names a file that cannot be written: {path}.", variable=_KEY_LOG, path=str(path)),
            fix=N_("Correct {variable}, or unset it.", variable=_KEY_LOG),
            variable=_KEY_LOG,
        ) from None


def _variable_of_certificates() -> str:
    """Return the variable that says whom to trust, empty for the certificates that come with the program."""
    return next((name for name in _CERTIFICATES if os.environ.get(name)), "")


@cache
def _tls_context(_file: str | None, _folder: str | None, _key_log: str) -> ssl.SSLContext:
    """Read the certificates once for what names them: it takes as long as the interpreter's start."""
    return httpx.create_ssl_context()


def connection_failure(provider: str, endpoint: str, error: BaseException) -> Unreachable:
    """Return why there was no connection, in words."""
    chain = [*causes(error)]
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in chain):
        return _not_trusted(provider, endpoint)
    if any(isinstance(cause, ssl.SSLError) for cause in chain):
        return Unreachable(
            N_(
                "Could not reach {provider} at {endpoint}: a secure connection (TLS) could not be established.",
                provider=provider,
                endpoint=endpoint,
            ),
            was_sent=False,
        )
    # A connection that is reset was there: behind a proxy it is the tunnel that broke.
    proxy = proxy_for(endpoint)
    if proxy and not any(isinstance(cause, ConnectionResetError) for cause in chain):
        return proxy_not_reached(provider, proxy)
    if any(isinstance(cause, socket.gaierror) for cause in chain):
        return Unreachable(
            N_(
                "Could not reach {provider} at {endpoint}: its name could not be looked up.",
                provider=provider,
                endpoint=endpoint,
            ),
            was_sent=False,
        )
    return Unreachable(
        N_("Could not reach {provider} at {endpoint}: the connection failed.", provider=provider, endpoint=endpoint),
        was_sent=False,
    )


def _not_trusted(provider: str, endpoint: str) -> Unreachable:
    variable = _variable_of_certificates()
    if variable:
        return Unreachable(
            N_(
                "Could not reach {provider} at {endpoint}: its certificate is not among those that {variable} trusts.",
                provider=provider,
                endpoint=endpoint,
                variable=variable,
            ),
            fix=N_("Check {variable}, this computer's clock and its network.", variable=variable),
            was_sent=False,
        )
    return Unreachable(
        N_(
            "Could not reach {provider} at {endpoint}: its certificate is not trusted.",
            provider=provider,
            endpoint=endpoint,
        ),
        fix=N_(
            "Check this computer's clock and network; if a proxy has a certificate of its own, name it in "
            "SSL_CERT_FILE."
        ),
        was_sent=False,
    )


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what led to it; the last is the innermost, and the most exact."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
