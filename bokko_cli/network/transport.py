"""The way to an address: TLS, proxy, and why there may be none."""

import os
import socket
import ssl
from collections.abc import Iterator
from functools import cache
from urllib.request import getproxies, proxy_bypass

import httpx

from bokko_cli.errors import EndpointRefused, InvalidValue, Unreachable
from bokko_cli.model.endpoint import is_loopback


def transport_to(endpoint: str, at_once: int) -> httpx.HTTPTransport:
    """Return what carries requests to an address; raises InvalidValue for certificates or a proxy of no use."""
    # Plain http is for loopback only; a TLS context that nothing uses would cost 15 ms there.
    is_plain = endpoint.startswith("http:")
    limits = httpx.Limits(max_connections=2 * at_once, max_keepalive_connections=at_once)
    proxy = proxy_for(endpoint)
    try:
        verify = False if is_plain else _tls_context(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
        return httpx.HTTPTransport(verify=verify, limits=limits, proxy=proxy and _resolvable(proxy))
    except OSError:
        raise InvalidValue(
            "The certificates that SSL_CERT_FILE or SSL_CERT_DIR names cannot be read.",
            fix="Mend the variable, or unset it.",
        ) from None
    except (ValueError, ImportError, httpx.InvalidURL):
        # Not shown: it may hold a password.
        raise InvalidValue("The proxy in the environment cannot be used.", fix="Mend or unset HTTPS_PROXY.") from None


@cache
def _tls_context(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    """Read the certificates once, since that takes as long as the interpreter's start; by what names them."""
    return httpx.create_ssl_context()


def proxy_for(endpoint: str) -> str | None:
    """Return the proxy that the environment wants for an address; none for loopback, whose requests are plain."""
    try:
        url = _resolvable(endpoint)
    except (httpx.InvalidURL, UnicodeError):
        raise EndpointRefused("The provider's address holds a host that cannot exist.") from None
    if is_loopback(endpoint) or proxy_bypass(url.host):
        return None
    proxies = getproxies()
    proxy = proxies.get(url.scheme) or proxies.get("all")
    return f"http://{proxy}" if proxy and "://" not in proxy else proxy


def _resolvable(address: str) -> httpx.URL:
    """Parse an address; raises InvalidURL, or UnicodeError for a host that looking up would only stumble over."""
    url = httpx.URL(address)
    url.host.encode("idna")
    return url


def no_connection(title: str, endpoint: str, error: BaseException) -> Unreachable:
    """Return why no connection came about, in words."""
    causes = list(_causes(error))
    what = f"Could not reach {title} at {endpoint}:"
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        fix = "Check this computer's clock and network; a proxy's own certificate goes into SSL_CERT_FILE."
        return Unreachable(f"{what} its certificate is not trusted.", fix=fix)
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Unreachable(f"{what} no secure connection (TLS) came about.")
    # A connection that is reset was there: behind a proxy it is the tunnel that broke.
    if proxy_for(endpoint) and not any(isinstance(cause, ConnectionResetError) for cause in causes):
        return proxy_failed(title, "cannot be reached")
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Unreachable(f"{what} its name could not be looked up.")
    return Unreachable(f"{what} no connection.")


def proxy_failed(title: str, how: str) -> Unreachable:
    """Return that it is the proxy that stands between."""
    fix = "Check HTTPS_PROXY, or add the host to NO_PROXY."
    return Unreachable(f"Could not reach {title}: the proxy {how}.", fix=fix)


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__
