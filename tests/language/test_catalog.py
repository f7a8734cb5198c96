import re
import string
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message

from bokko_cli.sandbox.server import KEYS
from tests.language.catalog import catalog, compiled, marked, marks_without_a_literal, po_file, template

LANGUAGES = ["hu"]
BOUND_TO_A_FIELD = re.compile(r"\b[Aa]z? (?=\{)|\b[Aa]\(z\)|\}-?[^\W\d_]")
"""An article before a field, or a suffix behind it: which one is right depends on what comes in."""
UNFIT = re.compile(r"(?i)\bkér(em|jük)\b|\b(adj|írj|futtasd|ellenőrizd|válassz)\b|kiszolgáló|\"")
"""What does not belong to the voice of the Hungarian: pleading, an informal address, a second word for the same."""


def texts(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (value or "",) if isinstance(value, str | None) else tuple(value)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def in_words(message: Message, form: int) -> set[str]:
    """The count, which the form for one may say in words."""
    return {"count"} if message.pluralizable and form == 0 else set()


def translations(language: str) -> Iterator[Message]:
    return (message for message in catalog(language) if message.id)


def test_every_mark_stands_before_a_literal() -> None:
    assert marks_without_a_literal() == []


def test_every_mark_is_found_by_whoever_extracts_them() -> None:
    assert marked() - {text for message in template() for text in texts(message.id)} == set()


def test_what_each_key_of_the_sandbox_shows_is_there_to_translate() -> None:
    ids = {message.id for message in template()}
    assert {shows for keys in KEYS.values() for shows in keys.values()} <= ids


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated_and_no_other(language: str) -> None:
    wanted = {message.id for message in template() if message.id}
    found = {message.id for message in translations(language) if all(texts(message.string))}
    assert (sorted(map(str, wanted - found)), sorted(map(str, found - wanted))) == ([], [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_doubtful_or_left_over(language: str) -> None:
    assert [message.id for message in translations(language) if message.fuzzy] == []
    assert dict(catalog(language).obsolete) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_has_the_fields_of_its_original(language: str) -> None:
    differing = [
        message.id
        for message in translations(language)
        for form, text in enumerate(texts(message.string))
        if fields(text) | in_words(message, form) != set().union(*map(fields, texts(message.id)))
    ]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalog_is_made_from_the_written_one(language: str) -> None:
    assert po_file(language).with_suffix(".mo").read_bytes() == compiled(catalog(language))


@pytest.mark.parametrize("unfit", [BOUND_TO_A_FIELD, UNFIT], ids=["bound to a field", "in another voice"])
def test_no_hungarian_sentence_is(unfit: re.Pattern[str]) -> None:
    said = [text for message in translations("hu") for text in texts(message.string)]
    assert [text for text in said if unfit.search(text)] == []
