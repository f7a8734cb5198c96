"""What changes something at the provider: sent as it stands, and a POST never more than once."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.errors import UnexpectedAnswer, Unreachable
from bokko_cli.network.client import Client
from bokko_cli.network.exchange import Pace
from tests import servers
from tests.permits import ANYTHING
from tests.servers import Hang, Reset, Seen, Server, Truncate, Verbatim, in_turn, json_answer, raw_answer, redirect

HURRIED = Pace(exchange=0.3, first_wait=0.01)
GONE = raw_answer(204, b"")


@contextmanager
def asking(answer: Callable[[Seen], servers.ScriptedAnswer]) -> Iterator[tuple[Client, Server]]:
    with Server(answer) as server:
        headers = {"X-API-KEY": "secret"}
        client = Client(f"{server.url}/v3", "Billingo", ANYTHING, headers, Deadline(30), lambda _: None, HURRIED)
        try:
            yield client, server
        finally:
            client.close()


@pytest.mark.parametrize("value", [{}, {"name": "Árvíztűrő", "address": {"city": "Győr"}, "numbers": [1, 2.5, None]}])
def test_object_is_sent_as_json_with_the_key(value: dict[str, object]) -> None:
    with asking(lambda _: json_answer(201, {"id": 7})) as (client, server):
        answer = client.post_json("/partners", value)
    (seen,) = server.seen
    assert (seen.method, seen.path, seen.query, json.loads(seen.body)) == ("POST", "/v3/partners", {}, value)
    assert (seen.headers["content-type"], seen.headers["x-api-key"]) == ("application/json", "secret")
    assert (answer.status, json.loads(answer.body)) == (201, {"id": 7})


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 408, 422, 425, 429, 500, 502, 503, 504])
def test_refused_post_is_not_sent_again(status: int) -> None:
    with asking(lambda _: json_answer(status, {}, {"Retry-After": "0"})) as (client, server):
        assert client.post_json("/partners", {}).status == status
    assert len(server.seen) == 1


@pytest.mark.parametrize(
    "answer",
    [Hang(), Reset(), Reset(b"HTTP/1.1 201 Created\r\n"), Verbatim(b""), Verbatim(b"nonsense\r\n"), Truncate(b"{}", 1)],
    ids=["hanging", "reset", "reset within the head", "closed", "no HTTP", "cut off"],
)
def test_post_without_an_answer_is_not_sent_again(answer: servers.ScriptedAnswer) -> None:
    with asking(lambda _: answer) as (client, server), pytest.raises(Unreachable):
        client.post_json("/partners", {})
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_post_follows_no_redirect(status: int) -> None:
    with (
        Server(lambda _: json_answer(201, {})) as elsewhere,
        asking(lambda _: redirect(f"{elsewhere.url}/v3/documents", status)) as (client, server),
        pytest.raises(UnexpectedAnswer, match="redirect"),
    ):
        client.post_json("/partners", {})
    assert (len(server.seen), elsewhere.seen) == (1, [])


def test_post_on_a_connection_that_the_server_has_just_left_is_not_sent_again() -> None:
    with asking(in_turn(json_answer(200, {}), Verbatim(b""))) as (client, server):
        client.get("/organization")
        with pytest.raises(Unreachable):
            client.post_json("/partners", {})
    assert [seen.method for seen in server.seen] == ["GET", "POST"]


def test_delete_names_its_path_and_has_no_body() -> None:
    with asking(lambda _: GONE) as (client, server):
        assert client.delete("/documents/90001").status == 204
    (seen,) = server.seen
    assert (seen.method, seen.path, seen.body) == ("DELETE", "/v3/documents/90001", b"")


@pytest.mark.parametrize("first", [json_answer(500, {}), json_answer(429, {}), Reset()], ids=["500", "429", "reset"])
def test_delete_is_tried_again(first: servers.ScriptedAnswer) -> None:
    with asking(in_turn(first, json_answer(404, {}))) as (client, server):
        assert client.delete("/partners/1").status == 404
    assert [seen.method for seen in server.seen] == ["DELETE", "DELETE"]
