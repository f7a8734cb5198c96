from datetime import date

import pytest

from bokko_cli.model.settings import words
from bokko_cli.model.values import BankAccount, Block, Value
from bokko_cli.model.wording import N_, Sentence, lines, marked, plural, translated
from bokko_cli.providers.tables import SPECS

HUNGARIAN = {
    "{provider} refused this key.": "A(z) {provider} elutasította ezt a kulcsot.",
    "Make a new key.": "Hozzon létre új kulcsot.",
    "It ends on {day}.": "Lejárat napja: {day}.",
    "{count} row": "{count} sor",
    "Why: {why}": "Ok: {why}",
}


def in_hungarian(template: str, _many: str, _count: int) -> str:
    return HUNGARIAN[template]


def test_sentence_is_its_english() -> None:
    sentence = N_("{provider} refused this key.", provider="Billingo")
    assert sentence == "Billingo refused this key."
    assert f"{sentence} {sentence.template}" == "Billingo refused this key. {provider} refused this key."


def test_braces_in_a_field_are_letters() -> None:
    assert N_("{provider} refused this key.", provider="{x}") == "{x} refused this key."
    assert N_("no {field} at all") == "no {field} at all"


def test_sentence_is_translated_with_its_fields() -> None:
    sentence = N_("Why: {why}", why=N_("{provider} refused this key.", provider="Billingo"))
    assert translated(sentence, in_hungarian) == "Ok: A(z) Billingo elutasította ezt a kulcsot."


def test_field_that_is_no_text_is_shown_as_the_language_shows_it() -> None:
    sentence = N_("It ends on {day}.", day=date(2026, 11, 26))
    assert sentence == "It ends on 2026-11-26."
    assert translated(sentence, in_hungarian, lambda day: f"<{day}>") == "Lejárat napja: <2026-11-26>."


def test_lines_are_translated_each_by_itself() -> None:
    text = lines(N_("{provider} refused this key.", provider="X"), "as it came", N_("Make a new key."))
    assert text == "X refused this key.\nas it came\nMake a new key."
    assert isinstance(text, Sentence)
    assert translated(text, in_hungarian).split("\n") == [
        "A(z) X elutasította ezt a kulcsot.", "as it came", "Hozzon létre új kulcsot.",
    ]  # fmt: skip


@pytest.mark.parametrize(("count", "english"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows")])
def test_plural_takes_its_form_by_the_count(count: int, english: str) -> None:
    sentence = plural("{count} row", "{count} rows", count)
    assert sentence == english
    assert translated(sentence, in_hungarian) == f"{count} sor"


def test_text_that_was_never_marked_stays() -> None:
    assert translated("as it came", in_hungarian) == "as it came"


def test_text_marked_elsewhere_is_translated_like_any_sentence() -> None:
    plain = "Make a new key."
    assert translated(plain, in_hungarian) == plain
    assert marked(plain) == plain
    assert translated(marked(plain), in_hungarian) == "Hozzon létre új kulcsot."
    assert translated(N_("Why: {why}", why=marked(plain)), in_hungarian) == "Ok: Hozzon létre új kulcsot."
    assert marked("{braces}") == "{braces}"


@pytest.mark.parametrize(
    ("setting", "value", "english", "hungarian"),
    [
        ("document_block", Block(7001, "", "WS"), "(no name) · WS · id 7001", "(névtelen) · WS · azonosító: 7001"),
        ("document_block", Block(7001, "Webshop", ""), "Webshop · id 7001", "Webshop · azonosító: 7001"),
        (
            "bank_account",
            BankAccount(1234567, "OTP", "11773016", "HUF"),
            "OTP · 11773016 · HUF · id 1234567",
            "OTP · 11773016 · HUF · azonosító: 1234567",
        ),
        ("bank_account", BankAccount(None, "OTP", "11773016", None), "OTP · 11773016", "OTP · 11773016"),
        ("bank_account", BankAccount(None, "", "", None), "", ""),
        ("tax_number", None, "none", "nincs"),
        ("invoice_capable", True, "yes", "igen"),
        ("default_payment_method", "cash", "cash", "készpénz"),
        ("tax_number", "13421739-2-41", "13421739-2-41", "13421739-2-41"),
    ],
)
def test_setting_in_words_can_be_translated(setting: str, value: Value, english: str, hungarian: str) -> None:
    by_template = {
        "(no name)": "(névtelen)", "id {id}": "azonosító: {id}", "none": "nincs", "yes": "igen", "cash": "készpénz",
    }  # fmt: skip
    said = words(SPECS["billingo"].field(setting), value)
    assert said == english
    assert translated(said, lambda template, *_: by_template.get(template, template)) == hungarian
