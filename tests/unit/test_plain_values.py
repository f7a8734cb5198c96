"""Keys, tax numbers, addresses and words from outside, as they come and as they are taken."""

import pytest

from bokko_cli.errors import EndpointRefused, InvalidValue, KeyMalformed
from bokko_cli.model.apikey import ApiKey, clean_key
from bokko_cli.model.checksums import account_number, tax_number
from bokko_cli.model.endpoint import (
    checked_endpoint,
    checked_stored_endpoint,
    is_loopback,
    is_same_endpoint,
    refuse_to_leave,
)
from bokko_cli.model.spec import Spec
from bokko_cli.model.text import folded, found_by, quoted, shown, shown_lines, without_surrogates
from bokko_cli.model.values import Organization, Remnants
from bokko_cli.providers.billingo.fields import SPEC as BILLINGO
from bokko_cli.providers.szamlazz.fields import SPEC as SZAMLAZZ
from tests.fakes import KEY


@pytest.mark.parametrize(
    "pasted",
    [f"{KEY}\n", f"  {KEY}\r\n", f"\ufeff{KEY}", f'"{KEY}"', f"'{KEY}'", f"„{KEY}”", f"\u200b{KEY[:9]}\u200b{KEY[9:]}",
     f"\t{KEY}\u00a0", f"`{KEY}`", f" \u200b'{KEY}' "],
)  # fmt: skip
def test_what_surrounds_a_pasted_key_is_dropped(pasted: str) -> None:
    assert clean_key(pasted).reveal() == KEY


@pytest.mark.parametrize(
    ("pasted", "why"),
    [
        ("", "empty"), ("  \n", "empty"), ("''", "empty"), ("\ufeff", "empty"),
        (f"{KEY[:8]} {KEY[8:]}", "spaces"), (f"{KEY}\n{KEY}", "spaces"), ("kulcsé", "spaces"), ("a\x07b", "spaces"),
        ("a\x1b[31mb", "spaces"), ("a\x7f", "spaces"), ("\udce9", "spaces"), ("x" * 513, "longer than 512"),
        ("x" * 1_000_000, "longer than 512"),
    ],
)  # fmt: skip
def test_what_cannot_be_a_key_is_refused_without_being_repeated(pasted: str, why: str) -> None:
    with pytest.raises(KeyMalformed, match=why) as caught:
        clean_key(pasted)
    told = f"{caught.value.message} {caught.value.fix} {caught.value!r} {caught.value.__cause__!r}"
    assert not pasted.strip() or pasted.strip() not in told
    assert KEY[:8] not in told


def test_key_of_512_characters_is_taken() -> None:
    assert len(clean_key("x" * 512).reveal()) == 512


def test_key_masks_itself() -> None:
    key = ApiKey(KEY)
    assert KEY not in f"{key} {key!r} {key!s} {[key]} {(key,)!r}"


@pytest.mark.parametrize(("key", "hint"), [("x" * 11, None), ("abcdefgh1234", "1234"), (KEY, "0002")])
def test_hint_is_given_for_long_keys_only(key: str, hint: str | None) -> None:
    assert ApiKey(key).hint == hint


@pytest.mark.parametrize(
    "text",
    [
        "\u200e13421739-2-41", "13421739\u20132\u201341", "13421739\u20112\u201141", "13421739\u22122\u221241",
        "\ufeff13421739-2-41\u200b", "1342\u00ad1739-2-41", "13421739 \u2014 2 \u2014 41", "13421739\u00a0241",
    ],
)  # fmt: skip
def test_tax_number_with_what_only_looks_otherwise_comes_back_cleaned(text: str) -> None:
    assert tax_number(text) == "13421739-2-41"


@pytest.mark.parametrize(
    "text", ["\u200e11773016-11111018", "11773016\u201311111018", "11773016\u221211111018", "1177\u200b301611111018"]
)
def test_account_number_with_what_only_looks_otherwise_comes_back_cleaned(text: str) -> None:
    assert account_number(text) == "11773016-11111018"


@pytest.mark.parametrize(("one", "other"), [("Áru  ház", "A\u0301ru ház"), ("A\u200e b", " A\u3000b")])
def test_texts_that_look_the_same_fold_to_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_case_is_told_apart_where_names_are_compared() -> None:
    assert folded("Bolt") != folded("bolt")


@pytest.mark.parametrize(
    ("text", "typed"),
    [("Árvíztűrő tükör", "ARVIZ TURO"), ("E-számla", "eszamla"), ("Strauß", "STRAUSS"), ("A\u0301ru", "áru")],
)
def test_filter_sees_neither_case_nor_accents_nor_blanks_nor_hyphens(text: str, typed: str) -> None:
    assert found_by(typed) in found_by(text)


def test_other_organisation_is_another_number_and_not_another_way_to_write_it() -> None:
    remnants = Remnants({}, "13421739-2-41")
    assert not remnants.is_of_another(Organization("\u200e13421739\u20132\u201341"))
    assert not remnants.is_of_another(Organization("13421739241"))
    assert remnants.is_of_another(Organization("10773381-2-44"))


@pytest.mark.parametrize("text", ["13421739-2-41", "13421739241", " 13421739 2 41 ", "13421739-241"])
def test_tax_number_is_taken_however_it_is_written(text: str) -> None:
    assert tax_number(text) == "13421739-2-41"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("12345678-2-41", "wrong check digit"), ("13421738-2-41", "wrong check digit"), ("13421739-6-41", "form"),
        ("13421739-0-41", "form"), ("13421739", "form"), ("13421739-2-4", "form"), ("HU13421739", "form"), ("", "form"),
        ("1342173\u0669-2-41", "form"), ("00000000-2-41", "zeros"), ("13421739--2-41", "form"),
    ],
)  # fmt: skip
def test_wrong_tax_number_is_refused(text: str, why: str) -> None:
    with pytest.raises(InvalidValue, match=why):
        tax_number(text)


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://api.example/v3", "https://api.example/v3"), ("https://api.example/v3/ ", "https://api.example/v3/"),
        ("http://127.0.0.1:80/v3", "http://127.0.0.1:80/v3"), ("http://localhost:8", "http://localhost:8"),
        ("http://[::1]:8/v3", "http://[::1]:8/v3"), ("http://127.8.8.8", "http://127.8.8.8"),
    ],
)  # fmt: skip
def test_https_and_http_on_loopback_are_addresses(url: str, kept: str) -> None:
    assert checked_endpoint(url, "X") == kept


@pytest.mark.parametrize(
    "url",
    ["http://api.example", "ftp://127.0.0.1", "api.example", "", "https://", "https://user:pw@api.example",
     "https://api.example?key=1", "https://api.example/#x", "http://127.0.0.1.evil.example", "http://10.0.0.1",
     "http://localhost.evil.example", "https://a b.example", "https://api.example:99999", "https://[::1", "file:///x",
     "http://2130706433", "https://a\nb", "http://0.0.0.0:1"],
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(EndpointRefused, match="X "):
        checked_endpoint(url, "X")
    with pytest.raises(EndpointRefused, match="The stored endpoint "):
        checked_stored_endpoint(url)


def test_all_loopback_addresses_are_one_and_others_are_not() -> None:
    assert not is_same_endpoint("http://127.0.0.1:1/v3", "http://localhost:2/v3")
    assert is_same_endpoint("https://api.example/v3", "https://api.example/v3/")
    assert not is_same_endpoint("https://api.example/v3", "https://api.example/v4")
    assert not is_same_endpoint("https://api.example", "http://127.0.0.1")
    assert not is_loopback("nonsense")


def test_sandbox_key_stays_on_loopback_and_others_may_leave() -> None:
    refuse_to_leave(ApiKey("sandbox-ready"), "http://127.0.0.1:1/v3")
    refuse_to_leave(ApiKey(KEY), "https://api.billingo.hu/v3")
    with pytest.raises(EndpointRefused):
        refuse_to_leave(ApiKey("sandbox-ready"), "https://api.billingo.hu/v3")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[31mred", "[31mred"), ("a\nb\r\tc", "a b  c"), ("\x9b2J", "2J"), ("a\u202eb\u2066c", "abc"),
        ("a\u00a0b\u3000c", "a b c"), ("a\u200bb\ufeff", "ab"), ("a\u2028b\u2029c", "a b c"),
        ("a\ud800b", "a b"), (" x ", "x"), ("[b]:x:", "[b]:x:"),
    ],
)  # fmt: skip
def test_words_from_outside_are_made_harmless(text: str, seen: str) -> None:
    assert shown(text) == seen


def test_lines_of_ours_keep_their_breaks_and_indents() -> None:
    assert shown_lines("a\n    b\x1b[0m\n") == "a\n    b [0m\n"


def test_messages_of_others_are_one_line_of_bounded_length() -> None:
    assert quoted("a\n\n  b") == "a b"
    assert len(quoted("x" * 10_000)) == 301


def test_lone_surrogates_become_the_replacement_character() -> None:
    assert without_surrogates("a\ud800b") == "a\ufffdb"
    assert without_surrogates("\ud83d\ude00") == "😀"


def test_names_and_addresses_of_the_providers_are_those_of_the_contract() -> None:
    names = {spec.provider: (spec.key_variable, spec.url_variable, spec.endpoint) for spec in (BILLINGO, SZAMLAZZ)}
    assert names == {
        "billingo": ("BOKKO_BILLINGO_API_KEY", "BOKKO_BILLINGO_URL", "https://api.billingo.hu/v3"),
        "szamlazz": ("BOKKO_SZAMLAZZ_AGENT_KEY", "BOKKO_SZAMLAZZ_URL", "https://www.szamlazz.hu/szamla/"),
    }
    assert BILLINGO.key_page == "https://app.billingo.hu/api-key"
    assert SZAMLAZZ.key_page == "https://www.szamlazz.hu/szamla/main"


@pytest.mark.parametrize(
    ("spec", "text", "is_usual"),
    [
        (BILLINGO, "63faa428-9044-11ea-8ed0-0242ac120002", True),
        (BILLINGO, "63FAA428-9044-11EA-8ED0-0242AC120002", True),
        (BILLINGO, "63faa428-9044-11ea-8ed0-0242ac12000", False),
        (BILLINGO, "63faa428904411ea8ed00242ac120002", False),
        (SZAMLAZZ, "4gent" * 8 + "42", True),
        (SZAMLAZZ, "4gent" * 8 + "4", False),
        (SZAMLAZZ, "4GENT" * 8 + "42", False),
    ],
)
def test_usual_shape_of_each_providers_keys_is_known(spec: Spec, text: str, is_usual: bool) -> None:
    assert ApiKey(text).has_shape(spec.key_shape) is is_usual
