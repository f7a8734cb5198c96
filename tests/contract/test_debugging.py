"""`--debug` shows what was asked, read and written, and never the words of a library: they may quote the key."""

from collections.abc import Callable
from contextlib import closing

import httpcore
import pytest

from bokko_cli.cli.debugging import frames
from bokko_cli.deadline import Deadline, run_within
from bokko_cli.errors import BokkoError, KeyMalformed, Unreachable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.network.client import Client
from bokko_cli.providers.billingo.provider import Billingo
from bokko_cli.providers.szamlazz.provider import Calls, Szamlazz
from tests.fake_billingo import FakeBillingo
from tests.servers import Server

KEY = "63faa428-9044-11ea-8ed0-0242ac120005"


def foreign_raise(error: BaseException) -> None:
    raise error


def foreign_failures() -> list[BaseException]:
    """Return failures of libraries whose words, or what they keep, are the key."""
    return [
        httpcore.LocalProtocolError(f"Illegal header value b'{KEY}\\n'"),
        UnicodeEncodeError("ascii", f"{KEY}é", 36, 37, f"ordinal not in range: {KEY}"),
        ValueError(KEY),
        KeyError(KEY),
        OSError(5, "Input/output error", KEY),
        ExceptionGroup(KEY, [ValueError(KEY)]),
        SyntaxError(KEY, ("x", 1, 1, KEY)),
        type(f"Odd{KEY[:0]}", (Exception,), {})(KEY),
        SystemExit(KEY),
    ]


def raised(error: BaseException) -> BaseException:
    try:
        foreign_raise(error)
    except BaseException as caught:  # noqa: BLE001 - any
        return caught
    raise AssertionError


@pytest.mark.parametrize("failure", foreign_failures(), ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize("linked", ["alone", "cause", "context", "within a thread", "with a note"])
def test_frames_name_places_and_kinds_and_no_words(failure: BaseException, linked: str) -> None:
    match linked:
        case "cause":
            failure = raised_from(failure, cause=True)
        case "context":
            failure = raised_from(failure, cause=False)
        case "within a thread":
            with pytest.raises(type(failure)):
                run_within(10, lambda: foreign_raise(failure))
        case "with a note":
            failure.add_note(KEY)
    shown = "\n".join(frames(raised(failure)))
    assert KEY not in shown
    assert "Traceback (most recent call last):" in shown
    assert f'File "{__file__}", line ' in shown
    assert "raise error" not in shown


def raised_from(first: BaseException, *, cause: bool) -> BaseException:
    try:
        try:
            foreign_raise(first)
        except BaseException as error:
            if cause:
                raise RuntimeError(KEY) from error
            foreign_raise(RuntimeError(KEY))
    except RuntimeError as second:
        return second
    raise AssertionError


def test_words_of_our_own_errors_are_shown() -> None:
    shown = "\n".join(frames(raised(Unreachable("Billingo did not answer in time."))))
    assert shown.endswith("bokko_cli.errors.Unreachable: Billingo did not answer in time.")


def test_circle_of_causes_ends() -> None:
    one, other = ValueError("x"), KeyError("y")
    one.__cause__, other.__cause__ = other, one
    assert len([line for line in frames(one) if line.startswith("Traceback")]) == 2


ODD_KEYS = [
    f"{KEY}\n",
    f" {KEY}",
    f"{KEY}\r\nX-More: 1",
    f"{KEY}é",
    f"\ufeff{KEY}",
    f"{KEY}\udcff",
    f"{KEY}\0",
    f"{KEY} {KEY}",
]


AskSurvey = Callable[[str, ApiKey], list[BokkoError]]


def survey_billingo(url: str, key: ApiKey) -> list[BokkoError]:
    return closing_survey(Billingo(f"{url}/v3", key, Deadline(5), print))


def survey_szamlazz(url: str, key: ApiKey) -> list[BokkoError]:
    return closing_survey(Szamlazz(f"{url}/szamla/", key, Deadline(5), print, Calls()))


def closing_survey(provider: Billingo | Szamlazz) -> list[BokkoError]:
    with closing(provider):
        return provider.survey().failures()


@pytest.mark.parametrize("key", ODD_KEYS, ids=repr)
@pytest.mark.parametrize("survey", [survey_billingo, survey_szamlazz])
def test_key_that_no_cleaning_passed_is_cleaned_or_refused_before_anything_is_sent(survey: AskSurvey, key: str) -> None:
    errors: list[BokkoError] = []
    with Server(FakeBillingo(key=KEY).answer) as server:
        try:
            survey(server.url, ApiKey(key))
        except KeyMalformed as error:
            errors.append(error)
        assert bool(errors) != bool(server.seen)
        assert {seen.headers.get("x-api-key", KEY) for seen in server.seen} <= {KEY}
    assert KEY not in "\n".join(line for error in errors for line in frames(error))


@pytest.mark.parametrize("key", ODD_KEYS[:-1], ids=repr)
def test_client_takes_no_header_that_its_library_would_quote(key: str) -> None:
    with pytest.raises(KeyMalformed) as caught:
        Client("http://127.0.0.1:1", "Billingo", (), {"X-API-KEY": key}, Deadline(5), print)
    assert KEY not in "\n".join(frames(caught.value))
    assert caught.value.__context__ is None
