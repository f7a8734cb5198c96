"""A server with a certificate: nobody's, for this machine, in each of the states that a certificate can be in."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import formatdate
from pathlib import Path

from tests.servers import LOOPBACK

_PRIVATE_KEY = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgQsLO8nIHDHHMPvhj
CKSbauMxXiImf5tAjnkuoLydVxShRANCAAQcEUseFERxfoyjsIpCNKL0/dLmQy7v
vmgtm09Wyf8wWyTeqsAdUSLdTMU+q7DffeBRFEoLQXLmvTVYQvqZZk4O
-----END PRIVATE KEY-----
"""
EXPIRED = """\
-----BEGIN CERTIFICATE-----
MIIBWDCB/6ADAgECAhQ8JC2t8/tRNaJBdcTRH9eiZMN3yTAKBggqhkjOPQQDAjAU
MRIwEAYDVQQDDAlsb2NhbGhvc3QwHhcNMDEwMTAxMDAwMDAwWhcNMDIwMTAxMDAw
MDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMB
BwNCAAQcEUseFERxfoyjsIpCNKL0/dLmQy7vvmgtm09Wyf8wWyTeqsAdUSLdTMU+
q7DffeBRFEoLQXLmvTVYQvqZZk4Ooy8wLTAaBgNVHREEEzARgglsb2NhbGhvc3SH
BH8AAAEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEA7Pt28HN3
H/ZXtuWW1Sj2oqKqlrsVQbbErNL8exMOk4oCIACglYlTqt/h1Sj9TB74+3Zi5djg
cnpiBm72bjqfNYBy
-----END CERTIFICATE-----
"""
"""Valid in 2001."""
NOT_YET = """\
-----BEGIN CERTIFICATE-----
MIIBXjCCAQOgAwIBAgIUK5v2kWvpxvtz34yttway1TxJiKEwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCIYDzIxMjAwMTAxMDAwMDAwWhgPMjEyMTAx
MDEwMDAwMDBaMBQxEjAQBgNVBAMMCWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqG
SM49AwEHA0IABBwRSx4URHF+jKOwikI0ovT90uZDLu++aC2bT1bJ/zBbJN6qwB1R
It1MxT6rsN994FEUSgtBcua9NVhC+plmTg6jLzAtMBoGA1UdEQQTMBGCCWxvY2Fs
aG9zdIcEfwAAATAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCb
CRb+XRbTvurYcgKcoKqeKJQJMqeyBW9fW2JaDakoBwIhAMittVwRXdiDlm3We4Fl
LvSxkQ9FFRUvVNCQfrIEUu9X
-----END CERTIFICATE-----
"""
"""Valid in 2120."""
VALID = """\
-----BEGIN CERTIFICATE-----
MIIBWzCCAQGgAwIBAgIUIq2AG76/Mk1GQI9h5bCo+6CDZNIwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTAxMDEwMTAwMDAwMFoYDzIxMjEwMTAx
MDAwMDAwWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQcEUseFERxfoyjsIpCNKL0/dLmQy7vvmgtm09Wyf8wWyTeqsAdUSLd
TMU+q7DffeBRFEoLQXLmvTVYQvqZZk4Ooy8wLTAaBgNVHREEEzARgglsb2NhbGhv
c3SHBH8AAAEwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAoSGr
5nGR/reJmCCxcjF3ZfAfJG6I7r3aOidLWd7f8+8CIAiSqEt4QPI2Y1WCe4YbLjIh
lpDgVn+VgGEl3pPuwXpV
-----END CERTIFICATE-----
"""
"""Valid until 2121, for localhost and 127.0.0.1."""


@contextmanager
def tls_server(folder: Path, certificate: str, host: str = LOOPBACK) -> Iterator[tuple[str, Path]]:
    """Give the address of a server that takes one request, and the file of its certificate."""
    file = folder / "certificate.pem"
    file.write_text(certificate + _PRIVATE_KEY, encoding="ascii")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    with socket.create_server((host, 0)) as listener:
        port = listener.getsockname()[1]
        serving = threading.Thread(target=_serve_once, args=(listener, context))
        serving.start()
        try:
            yield f"https://{host}:{port}", file
        finally:
            with suppress(OSError), socket.create_connection((host, port)):
                pass
            serving.join()


def _serve_once(listener: socket.socket, context: ssl.SSLContext) -> None:
    plain, _ = listener.accept()
    with plain, suppress(OSError), context.wrap_socket(plain, server_side=True) as line:
        line.recv(65536)
        line.sendall(f"HTTP/1.1 401 No\r\nDate: {formatdate(usegmt=True)}\r\nContent-Length: 2\r\n\r\n{{}}".encode())
