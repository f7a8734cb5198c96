"""The proxy in force for an address, and which setting put it there."""

import os
from typing import NamedTuple
from urllib.request import getproxies, proxy_bypass

import httpx

from bokko_cli.errors import EndpointRefused, InvalidValue, Unreachable
from bokko_cli.model.endpoint import USUAL_PORTS, is_loopback
from bokko_cli.model.wording import N_


class Proxy(NamedTuple):
    """A proxy's address, never shown since it may hold a password, and the variable that names it.

    `variable` is empty for one from the system's own settings.
    """

    url: str
    variable: str

    @property
    def is_socks(self) -> bool:
        """Whether it speaks another protocol than HTTP's."""
        return self.url.lower().startswith("socks")


def proxy_for(endpoint: str) -> Proxy | None:
    """Return the proxy that the environment wants for an address; none for loopback, whose requests are plain."""
    try:
        url = resolvable(endpoint)
    except (httpx.InvalidURL, UnicodeError):
        raise EndpointRefused(N_("The provider's address has an impossible host name.")) from None
    if is_loopback(endpoint) or _is_excepted(url):
        return None
    proxies = getproxies()
    for scheme in (url.scheme, "all"):
        address = proxies.get(scheme)
        if address:
            variable = _variable(scheme, address)
            return Proxy(address if "://" in address else f"http://{address}", variable)
    return None


def _is_excepted(url: httpx.URL) -> bool:
    """Whether NO_PROXY names the host, alone or with its port, an IPv6 address in brackets or without."""
    port = url.port or USUAL_PORTS.get(url.scheme, 0)
    host = f"[{url.host}]" if ":" in url.host else url.host
    return any(proxy_bypass(name) for name in {url.host, host, f"{host}:{port}"})


def _variable(scheme: str, address: str) -> str:
    """Return the variable that holds the address; the one in small letters counts before any other spelling."""
    usual = f"{scheme}_proxy"
    names = sorted((name for name in os.environ if name.lower() == usual), key=lambda name: name != usual)
    return next((name for name in names if os.environ[name] == address), "")


def resolvable(address: str) -> httpx.URL:
    """Parse an address; raises InvalidURL, or UnicodeError for a host that looking up would only stumble over."""
    url = httpx.URL(address)
    url.host.encode("idna")
    return url


def unusable_proxy(proxy: Proxy) -> InvalidValue:
    """Return why no request can go through a proxy, without its address."""
    if not proxy.variable:
        return InvalidValue(
            N_("The proxy in this computer's network settings cannot be used."),
            fix=N_("Set HTTPS_PROXY to an http:// proxy, or change the network settings."),
        )
    fix = N_("Set {variable} to an http:// proxy, or unset it.", variable=proxy.variable)
    if proxy.is_socks:
        return InvalidValue(
            N_("{variable} names a SOCKS proxy, which bokko does not support.", variable=proxy.variable),
            fix=fix,
            variable=proxy.variable,
        )
    message = N_("{variable} names a proxy that cannot be used.", variable=proxy.variable)
    return InvalidValue(message, fix=fix, variable=proxy.variable)


def proxy_not_reached(provider: str, proxy: Proxy) -> Unreachable:
    """Return that the proxy in between does not answer."""
    if not proxy.variable:
        message = N_(
            "Could not reach {provider}: the proxy in this computer's network settings cannot be reached.",
            provider=provider,
        )
    else:
        message = N_(
            "Could not reach {provider}: the proxy set in {variable} cannot be reached.",
            provider=provider,
            variable=proxy.variable,
        )
    return Unreachable(message, fix=_fix(proxy), was_sent=False)


def proxy_refused(provider: str, proxy: Proxy | None) -> Unreachable:
    """Return that the proxy in between does not let the request through."""
    if proxy is None or not proxy.variable:
        message = N_(
            "Could not reach {provider}: the proxy in this computer's network settings refused to connect.",
            provider=provider,
        )
    else:
        message = N_(
            "Could not reach {provider}: the proxy set in {variable} refused to connect.",
            provider=provider,
            variable=proxy.variable,
        )
    return Unreachable(message, fix=_fix(proxy), was_sent=False)


def _fix(proxy: Proxy | None) -> str:
    if proxy is None or not proxy.variable:
        return N_("Check this computer's proxy settings, or add the host to NO_PROXY.")
    return N_("Check {variable}, or add the host to NO_PROXY.", variable=proxy.variable)
