"""Where a key may be sent."""

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

from bokko_cli.errors import EndpointRefused
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.text import quoted
from bokko_cli.model.wording import N_

USUAL_PORTS = {"https": 443, "http": 80}


def checked_endpoint(url: str, variable: str) -> str:
    """Return the address that a variable holds; raises EndpointRefused unless it is https, or http on loopback."""
    if not _is_secure(url):
        origin = _origin(url)
        raise EndpointRefused(
            N_("{variable} is {url}, which is neither https nor http on this machine.", variable=variable, url=origin)
            if origin
            else N_("{variable} is not an address. It is not shown here: it may be a key.", variable=variable)
        )
    if not _is_bare(url):
        raise EndpointRefused(N_("{variable} may contain only host, port and path.", variable=variable))
    return url.strip()


def checked_stored_endpoint(url: str) -> str:
    """Return the address that the settings hold; raises as `checked_endpoint`."""
    if not _is_secure(url):
        origin = _origin(url)
        raise EndpointRefused(
            N_("The stored endpoint {url} is neither https nor http on this machine.", url=origin)
            if origin
            else N_("The stored endpoint is not an address. It is not shown here: it may be a key.")
        )
    if not _is_bare(url):
        raise EndpointRefused(N_("The stored endpoint may contain only host, port and path."))
    return url.strip()


def _origin(url: str) -> str:
    """Return the part of an address that may be shown, in quotes: scheme and host; empty where it has none."""
    parts = _split(url.strip())
    return repr(quoted(f"{parts.scheme}://{parts.hostname}")) if parts and parts.scheme else ""


def is_loopback(url: str) -> bool:
    """Whether the address is this machine's own."""
    parts = _split(url)
    return parts is not None and _is_loopback(parts)


def is_same_endpoint(one: str, other: str) -> bool:
    """Whether two addresses are one: scheme and host in any case, the usual port given or not, a slash at the end."""
    return _normalized(one) == _normalized(other)


def may_go_to(key: ApiKey, stored: str, wanted: str) -> bool:
    """Whether a key stored for one address may go to another: all loopback addresses are one for sandbox keys only."""
    return is_same_endpoint(stored, wanted) or (key.is_for_sandbox and is_loopback(stored) and is_loopback(wanted))


def refuse_to_leave(key: ApiKey, endpoint: str) -> None:
    """Raise EndpointRefused when a sandbox key would be sent beyond this machine."""
    if key.is_for_sandbox and not is_loopback(endpoint):
        raise EndpointRefused(
            N_("A key that begins with sandbox- works only in the sandbox and is not sent anywhere else."),
            fix=N_("Run the command with --sandbox."),
        )


def _is_secure(url: str) -> bool:
    parts = _split(url.strip())
    return parts is not None and (parts.scheme == "https" or (parts.scheme == "http" and _is_loopback(parts)))


def _is_bare(url: str) -> bool:
    """Whether an address has no user, query or fragment."""
    return not any(sign in url for sign in "?#") and "@" not in urlsplit(url.strip()).netloc


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    # Nothing that two parsers could read as two hosts: the one that checks here and the one that sends.
    is_plain = url.isprintable() and not any(character.isspace() or character == "\\" for character in url)
    return parts if parts.hostname and is_plain else None


def _normalized(url: str) -> tuple[str, str, int | None, str]:
    parts = _split(url)
    if parts is None:
        return ("", "", None, url)
    return (parts.scheme, parts.hostname or "", parts.port or USUAL_PORTS.get(parts.scheme), parts.path.rstrip("/"))


def _is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
