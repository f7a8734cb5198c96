"""Keys that stand in a settings file, in a wrong place: no error shows them."""

from pathlib import Path

import pytest

from bokko_cli.errors import SettingsUnreadable
from bokko_cli.store.profile import parse
from tests.unit.state_world import StateWorld, refused

A_KEY = "63faa428-9044-11ea-8ed0-0242ac120002"
AN_AGENT_KEY = "abcdefghij0123456789abcdefghij0123456789ab"


@pytest.mark.parametrize(
    "found",
    [
        f'"{A_KEY}"',
        f'" {A_KEY}\\n"',
        f'"Bearer {A_KEY}"',
        f'"key: {A_KEY}"',
        f'"{AN_AGENT_KEY}"',
        f'"{AN_AGENT_KEY[:20]} {AN_AGENT_KEY[20:]}"',
        '"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"',
        f'["{A_KEY}"]',
        f'{{key = "{A_KEY}"}}',
        "123456789012345",
    ],
)
@pytest.mark.parametrize("place", ['default_vat_rate = "27%"', "invoice_capable = true", "schema = 1"])
def test_key_in_a_wrong_place_is_never_shown(place: str, found: str, connected: StateWorld) -> None:
    name = place.split(" =", maxsplit=1)[0]
    connected.path.write_text(connected.path.read_text("utf-8").replace(place, f"{name} = {found}"), "utf-8")
    error = refused(connected)
    assert name in error.message
    shown = error.message.replace(str(connected.path), "")
    assert not [part for part in (A_KEY[:8], AN_AGENT_KEY[:8], AN_AGENT_KEY[20:28], "zzz", "1234567") if part in shown]


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ('"18%"', '"18%"'),
        ('"bank transfer"', '"bank transfer"'),
        ('"2026-11-22T21:57:40Z"', '"2026-11-22T21:57:40Z"'),
        ('"a\\u001b[31mb"', '"a [31mb"'),
        ('""', '""'),
        ("-1.5", "-1.5"),
        ("12:30:00", "12:30:00"),
    ],
)
def test_what_is_no_key_is_shown_harmlessly(found: str, shown: str, connected: StateWorld) -> None:
    text = connected.path.read_text("utf-8").replace('default_vat_rate = "27%"', f"default_vat_rate = {found}")
    connected.path.write_text(text, "utf-8")
    assert f"default_vat_rate is {shown}; allowed: " in refused(connected).message


@pytest.mark.parametrize("form", ['[billingo."{}"]\n[billingo."{}"]', "x = {{{} = 1, {} = 2}}", '"{}" = 1\n"{}" = 2'])
def test_key_that_the_parser_repeats_is_not_shown(form: str) -> None:
    key = "63faa428-9044-11ea-8ed0-0242ac120005"
    with pytest.raises(SettingsUnreadable) as caught:
        parse(Path("x"), form.format(key, key))
    assert key not in caught.value.message + caught.value.fix
