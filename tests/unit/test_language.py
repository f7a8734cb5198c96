from datetime import UTC, date, datetime

import pytest

from bokko_cli.model.wording import N_, lines
from bokko_cli.output.language import in_language, language_of


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
    assert in_language("en")(text) == "Billingo refused this key."


def test_what_was_never_marked_stays_as_it_is() -> None:
    assert in_language("hu")(lines("Webshop", "{x}")) == "Webshop\n{x}"


def test_hungarian_writes_dates_and_numbers_in_its_own_way() -> None:
    text = N_("{when}|{day}|{count}|{truth}", when=datetime(2026, 1, 2, 3, 4, tzinfo=UTC), day=date(2026, 11, 26),
              count=1250, truth=True)  # fmt: skip
    assert in_language("hu")(text) == "2026.\xa001.\xa002.\xa003:04|2026.\xa011.\xa026.|1\xa0250|True"
