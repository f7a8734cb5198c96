import string
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message

from bokko_cli.sandbox.server import KEYS
from tests.language.catalog import catalog, compiled, marks_without_a_literal, po_file, template

LANGUAGES = ["hu"]


def texts(value: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (value or "",) if isinstance(value, str | None) else tuple(value)


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def translations(language: str) -> Iterator[Message]:
    return (message for message in catalog(language) if message.id)


def test_every_mark_stands_before_a_literal() -> None:
    assert marks_without_a_literal() == []


def test_what_each_key_of_the_sandbox_shows_is_there_to_translate() -> None:
    ids = {message.id for message in template()}
    assert {shows for keys in KEYS.values() for shows in keys.values()} <= ids


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_doubtful_or_left_over(language: str) -> None:
    assert [message.id for message in translations(language) if message.fuzzy] == []
    assert dict(catalog(language).obsolete) == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_translation_has_the_fields_of_its_original(language: str) -> None:
    differing = [
        message.id
        for message in translations(language)
        for text in filter(None, texts(message.string))
        if fields(text) != set().union(*map(fields, texts(message.id)))
    ]
    assert differing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_compiled_catalog_is_made_from_the_written_one(language: str) -> None:
    assert po_file(language).with_suffix(".mo").read_bytes() == compiled(catalog(language))
