"""What may leave the program: a provider names each of its requests once, and nothing else is ever sent."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import httpx


def _anything(_body: bytes) -> bool:
    return True


class Permit(NamedTuple):
    """One request that may be sent: its path behind the endpoint's own as a pattern, and what its body has to be.

    Only a GET may have a query.
    """

    method: str
    path: str
    fits: Callable[[bytes], bool] = _anything


class NotPermitted(Exception):
    """A request that stands in no table was about to be sent: a bug, caught on the last step out."""


class Permitted(httpx.BaseTransport):
    """Carries what is permitted, to its endpoint alone; raises NotPermitted for anything else before it is sent."""

    def __init__(self, inner: httpx.BaseTransport, endpoint: str, permits: Sequence[Permit]) -> None:
        self._inner = inner
        self._home = _address(httpx.URL(endpoint))
        self._permits = tuple(permits)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send what is permitted."""
        if not any(self._is_named(request, permit) for permit in self._permits):
            raise NotPermitted(f"{request.method} {request.url}")
        return self._inner.handle_request(request)

    def _is_named(self, request: httpx.Request, permit: Permit) -> bool:
        *origin, path, query = _address(request.url)
        *home, root, _ = self._home
        begin = root.rstrip(b"/")
        return (
            origin == home
            and request.method == permit.method
            and path.startswith(begin)
            and re.fullmatch(permit.path.encode(), path[len(begin) :]) is not None
            and (not query or permit.method == "GET")
            and permit.fits(request.read())
        )

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()


def _address(url: httpx.URL) -> tuple[bytes, bytes, int | None, bytes, bytes]:
    path, _, query = url.raw_path.partition(b"?")
    return url.raw_scheme, url.raw_host, url.port, path, query
