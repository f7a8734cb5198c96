from datetime import UTC, date, datetime, timedelta

import pytest

from bokko_cli.model.wording import N_, lines
from bokko_cli.output.hungarian import in_hungarian
from bokko_cli.output.language import in_english, language_of


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "hu_HU.UTF-8"}, "hu"),
        ({"LANG": "hu"}, "hu"),
        ({"LANG": "hu-HU"}, "hu"),
        ({"LANG": "hunspell"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_ALL": "C", "LANG": "hu_HU.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "hu_HU", "LANG": "en_US.UTF-8"}, "hu"),
        ({"LC_MESSAGES": "en_US", "LANG": "hu_HU"}, "en"),
        ({"BOKKO_LANG": "en", "LANG": "hu_HU.UTF-8"}, "en"),
        ({"BOKKO_LANG": "hu", "LC_ALL": "C"}, "hu"),
        ({"BOKKO_LANG": "", "LANG": "hu_HU.UTF-8"}, "hu"),
        ({"BOKKO_LANG": "de", "LANG": "hu_HU.UTF-8"}, "hu"),
        ({"BOKKO_LANG": "de"}, "en"),
    ],
)
def test_language_is_the_one_named_else_the_locales(environ: dict[str, str], language: str) -> None:
    assert language_of(environ) == language


def test_english_is_the_text_itself() -> None:
    text = N_("{provider} refused this key.", provider="Billingo")
    assert in_english(text) == "Billingo refused this key."


def test_what_was_never_marked_stays_as_it_is() -> None:
    assert in_hungarian(lines("Webshop", "{x}")) == "Webshop\n{x}"


def test_hungarian_writes_dates_and_numbers_in_its_own_way() -> None:
    text = N_("{when}|{day}|{count}|{truth}", when=datetime(2026, 1, 2, 3, 4, tzinfo=UTC), day=date(2026, 11, 26),
              count=12500, truth=True)  # fmt: skip
    assert in_hungarian(text) == "2026.\xa001.\xa002.\xa003:04|2026.\xa011.\xa026.|12\xa0500|True"


@pytest.mark.parametrize(
    ("number", "english", "hungarian"),
    [
        (1250, "1,250 1250", "1250 1250"),
        (-9999, "-9,999 -9999", "-9999 -9999"),
        (10000, "10,000 10000", "10\xa0000 10\xa0000"),
        (1234567, "1,234,567 1234567", "1\xa0234\xa0567 1\xa0234\xa0567"),
        (12, "12 12", "12 12"),
        (0.5, "0.5 0.5", "0,5 0,5"),
        ("1250", None, None),
    ],
)
def test_number_is_grouped_as_the_language_does_it(number: object, english: str | None, hungarian: str | None) -> None:
    if english is None:
        assert in_hungarian(N_("id {id}", id=number)) == f"id {number}"
    else:
        text = N_("{number:,} {number}", number=number)
        assert (text, in_english(text), in_hungarian(text)) == (english, english, hungarian)


def test_seconds_have_the_languages_own_point() -> None:
    text = N_("{seconds:.1f}", seconds=0.213)
    assert (in_english(text), in_hungarian(text)) == ("0.2", "0,2")


def test_time_to_wait_is_hours_minutes_and_seconds() -> None:
    text = N_("{wait}", wait=timedelta(days=2, hours=1, seconds=5))
    assert in_hungarian(text) == "49:00:05"
