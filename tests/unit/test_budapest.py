"""The day that it is in Hungary: an hour ahead in winter, two in summer, by the European Union's rule."""

import os
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from bokko_cli.providers.billingo.budapest import day_in_budapest


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00+00:00")


@pytest.mark.parametrize(
    ("before", "after", "day"),
    [
        ("2026-01-15 22:59", "2026-01-15 23:00", "2026-01-16"),
        ("2026-07-15 21:59", "2026-07-15 22:00", "2026-07-16"),
        ("2026-12-31 22:59", "2026-12-31 23:00", "2027-01-01"),
        ("2024-02-28 22:59", "2024-02-28 23:00", "2024-02-29"),
        # The nights about March's and October's last Sundays, which are the 31st in March 2024 and October 2027.
        ("2026-03-28 22:59", "2026-03-28 23:00", "2026-03-29"),
        ("2026-03-29 21:59", "2026-03-29 22:00", "2026-03-30"),
        ("2026-10-24 21:59", "2026-10-24 22:00", "2026-10-25"),
        ("2026-10-25 22:59", "2026-10-25 23:00", "2026-10-26"),
        ("2024-03-30 22:59", "2024-03-30 23:00", "2024-03-31"),
        ("2024-03-31 21:59", "2024-03-31 22:00", "2024-04-01"),
        ("2027-10-30 21:59", "2027-10-30 22:00", "2027-10-31"),
        ("2027-10-31 22:59", "2027-10-31 23:00", "2027-11-01"),
        ("2028-03-25 22:59", "2028-03-25 23:00", "2028-03-26"),
        ("2028-10-29 22:59", "2028-10-29 23:00", "2028-10-30"),
    ],
)
def test_day_begins_at_midnight_there(before: str, after: str, day: str) -> None:
    begun = date.fromisoformat(day)
    assert day_in_budapest(utc(before)) == begun - timedelta(days=1)
    assert day_in_budapest(utc(after)) == begun


def test_moment_counts_and_not_the_zone_that_it_is_told_in() -> None:
    moment = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
    assert day_in_budapest(moment) == date(2026, 11, 27)
    assert day_in_budapest(moment.astimezone(timezone(timedelta(hours=-8)))) == date(2026, 11, 27)


@pytest.fixture
def far_west(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "XYZ+11")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.skipif(os.name == "nt", reason="a process has no zone of its own there")
@pytest.mark.usefixtures("far_west")
def test_zone_of_this_machine_does_not_count() -> None:
    assert day_in_budapest(utc("2026-11-26 22:59")) == date(2026, 11, 26)
    assert day_in_budapest(utc("2026-11-26 23:00")) == date(2026, 11, 27)
