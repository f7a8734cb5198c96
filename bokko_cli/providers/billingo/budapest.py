"""The day in Hungary, by the rule of the European Union: not every system has the world's time zones."""

from datetime import UTC, date, datetime, timedelta

_WINTER, _SUMMER = timedelta(hours=1), timedelta(hours=2)


def day_in_budapest(moment: datetime) -> date:
    """Return the day that it is there: summer time lasts from March's last Sunday to October's.

    The clocks change at 1:00 UTC, when it is the same day by either time.
    """
    utc = moment.astimezone(UTC)
    is_summer = _last_sunday(utc.year, 3) <= utc.date() < _last_sunday(utc.year, 10)
    return (utc + (_SUMMER if is_summer else _WINTER)).date()


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=last.isoweekday() % 7)
