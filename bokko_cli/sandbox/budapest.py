"""Hungary's clock, by the rule of the European Union: not every system has the world's time zones."""

from datetime import UTC, date, datetime, timedelta, timezone

WINTER = timezone(timedelta(hours=1), "CET")
SUMMER = timezone(timedelta(hours=2), "CEST")


def now() -> datetime:
    """Tell the time there, to the second."""
    return local(datetime.now(tz=UTC).replace(microsecond=0))


def today() -> date:
    """Tell the day that a document made now bears."""
    return now().date()


def local(moment: datetime) -> datetime:
    """Put a moment on that clock: summer time runs from March's last Sunday to October's, from 1:00 UTC on."""
    utc = moment.astimezone(UTC)
    is_summer = last_sunday(utc.year, 3) <= utc < last_sunday(utc.year, 10)
    return utc.astimezone(SUMMER if is_summer else WINTER)


def last_sunday(year: int, month: int) -> datetime:
    """1:00 UTC on the last Sunday of a month with 31 days."""
    last = datetime(year, month, 31, 1, tzinfo=UTC)
    return last - timedelta(days=last.isoweekday() % 7)
