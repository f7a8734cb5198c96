"""A client without a proxy, and what it is asked."""

from bokko_cli.deadline import Deadline
from bokko_cli.network.client import Client
from bokko_cli.network.exchange import Pace
from tests.permits import ANYTHING

SECRET = "63faa428-9044-11ea-8ed0-0242ac120005"


PATIENT = Pace(first_wait=0.01)


PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def get(endpoint: str, pace: Pace = PATIENT) -> bytes:
    client = Client(endpoint, "Billingo", ANYTHING, {"X-API-KEY": SECRET}, Deadline(20), lambda _: None, pace)
    try:
        return client.get("/organization").body
    finally:
        client.close()
