"""Values in a settings file that cannot be understood: named, all at once, and mended by the commands that may."""

import pytest

from bokko_cli.errors import SettingsUnreadable
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Block
from bokko_cli.providers.billingo.fields import SPEC as BILLINGO
from bokko_cli.store import commit
from tests.unit.state_world import KEY, StateWorld, decided, refused

NEEDED = ["connected_at", "verified_at", "endpoint", "invoice_mode", "default_vat_rate", "invoice_capable"]


@pytest.mark.parametrize("key", NEEDED)
def test_missing_field_is_named_except_to_connect(key: str, connected: StateWorld) -> None:
    lines = connected.path.read_text("utf-8").splitlines(keepends=True)
    connected.path.write_text("".join(line for line in lines if not line.startswith(f"{key} =")), "utf-8")
    error = refused(connected)
    assert f"    line 4: no {key} in [billingo]" in error.message
    assert error.fix.endswith(" connect again: bokko billingo connect")
    remnants = connected.load().remnants(BILLINGO)
    assert remnants.settings["document_block"] == Block(1, "Webshop", "WEB")
    assert key not in remnants.settings
    commit.connect(connected.stores(), decided(), KEY, None, may_switch=False)
    assert connected.secrets_of() == [KEY.reveal()]


@pytest.mark.parametrize("table", ["document_block", "bank_account", "api_key"])
def test_missing_table_is_named(table: str, connected: StateWorld) -> None:
    text = connected.path.read_text("utf-8").replace(f"[billingo.{table}]", f"[billingo.not_{table}]")
    connected.path.write_text(text, "utf-8")
    assert f"no {table} in [billingo]" in refused(connected).message


WRONG = [
    ('active_provider = "billingo"', "active_provider = 5", "active_provider is 5; allowed: a text in quotes"),
    ("schema = 1", "schema = 0", "schema is 0; allowed: 1"),
    ("schema = 1", "schema = true", "schema is true; allowed: 1"),
    ("connected_at = 2026-11-22T21:57:40Z", 'connected_at = "2026-11-22"', 'billingo.connected_at is "2026-11-22"; a'),
    ("connected_at = 2026-11-22T21:57:40Z", "connected_at = 2026-11-22", "billingo.connected_at is 2026-11-22; a"),
    (
        "connected_at = 2026-11-22T21:57:40Z",
        "connected_at = 2026-11-22T21:57:40",
        "connected_at is 2026-11-22 21:57:40",
    ),
    ("verified_at = 2026-11-22T21:57:40Z", "verified_at = 0001-01-01T00:00:00+23:00", "billingo.verified_at is 0001-"),
    ('endpoint = "https://api.billingo.hu/v3"', "endpoint = 1", "billingo.endpoint is 1; allowed: a text in quotes"),
    (
        'endpoint = "https://api.billingo.hu/v3"',
        'endpoint = "63faa428-9044-11ea-8ed0-0242ac120005"',
        "billingo.endpoint is a value of 36 characters (it may be a key and is not shown); allowed: an address, such",
    ),
    (
        'slot = "a"',
        'slot = "a"\nhint = "63faa428-9044-11ea-8ed0-0242ac120005"',
        "billingo.api_key.hint is a value of 36 characters (it may be a key and is not shown); allowed: the last four",
    ),
    (
        'active_provider = "billingo"',
        'active_provider = "63faa428-9044-11ea-8ed0-0242ac120005"',
        "active_provider is a value of 36 characters (it may be a key and is not shown); allowed: the name of a prov",
    ),
    ('"draft_review"', '"issue"', 'billingo.invoice_mode is "issue"; allowed: "draft_review"'),
    ('"draft_review"', '""', 'billingo.invoice_mode is ""; allowed: "draft_review"'),
    ("invoice_mode =", "subscription_until = 5\ninvoice_mode =", "subscription_until is 5; allowed: a date, such as "),
    ("invoice_mode =", "subscription_has_plan = 0\ninvoice_mode =", "subscription_has_plan is 0; allowed: true, false"),
    ("id = 1", "id = true", "billingo.document_block.id is true; allowed: a whole number"),
    ("id = 1", 'id = "1"', 'billingo.document_block.id is "1"; allowed: a whole number'),
    ('prefix = "WEB"', "", "no prefix in [billingo.document_block]"),
    ('currency = "HUF"', "currency = []", "billingo.bank_account.currency is a list; allowed: a text in quotes"),
    ('default_vat_rate = "27%"', 'default_vat_rate = "5%"', 'default_vat_rate is "5%"; allowed: "27%", "0%"'),
    ('default_vat_rate = "27%"', "default_vat_rate = 27", 'default_vat_rate is 27; allowed: "27%", "0%"'),
    ("invoice_capable = true", "invoice_capable = 1", "billingo.invoice_capable is 1; allowed: true, false"),
    ('storage = "keyring"', 'storage = "cloud"', 'api_key.storage is "cloud"; allowed: "keyring", "file", "env"'),
    ('storage = "keyring"', "storage = [1]", "billingo.api_key.storage is a list; allowed: "),
    ('slot = "a"', 'slot = "c"', 'billingo.api_key.slot is "c"; allowed: "a", "b"'),
    ('slot = "a"', "", "no slot in [billingo.api_key]"),
    ('slot = "a"', 'slot = "a"\nhint = 1234', "billingo.api_key.hint is 1234; allowed: a text in quotes"),
    ('slot = "a"', 'slot = "a"\ncan_write = "no"', 'billingo.api_key.can_write is "no"; allowed: true, false'),
    ('slot = "a"', 'slot = "a"\n[billingo.rehearsal]\noutcome = 1', 'rehearsal.outcome is 1; allowed: "passed", "fa'),
    ('slot = "a"', 'slot = "a"\n[billingo.rehearsal]\noutcome = "passed"', "no at in [billingo.rehearsal]"),
]


@pytest.mark.parametrize(("old", "new", "named"), WRONG)
def test_wrong_value_is_named_with_its_line_and_replaced_by_connect(
    old: str, new: str, named: str, connected: StateWorld
) -> None:
    text = connected.path.read_text("utf-8")
    assert old in text
    connected.path.write_text(text.replace(old, new, 1), "utf-8")
    broken = connected.path.read_text("utf-8").splitlines()
    told = [line for line in refused(connected).message.splitlines() if named in line]
    assert len(told) == 1
    line = broken[int(told[0].split()[1].strip(":")) - 1]
    assert line.split(" =")[0].strip("[]") in named
    commit.connect(connected.stores(), decided(), KEY, None, may_switch=True)
    assert connected.connection() is not None
    assert (connected.load().active_provider, connected.secrets_of()) == ("billingo", [KEY.reveal()])


@pytest.mark.parametrize(("old", "new", "named"), WRONG)
def test_disconnect_removes_a_table_that_cannot_be_understood(
    old: str, new: str, named: str, connected: StateWorld
) -> None:
    del named
    connected.path.write_text(connected.path.read_text("utf-8").replace(old, new, 1), "utf-8")
    assert commit.disconnect(connected.stores(), leave_secret=False)
    assert connected.secrets_of() == []
    assert "billingo" not in connected.path.read_text("utf-8")


def test_everything_that_is_wrong_is_told_at_once(connected: StateWorld) -> None:
    text = connected.path.read_text("utf-8")
    for old, new in [
        ('"27%"', '"18%"'),
        ("invoice_capable = true", 'invoice_capable = "yes"'),
        ("id = 2", "id = 2.5"),
        ('currency = "HUF"', "currency = 348"),
        ('endpoint = "https://api.billingo.hu/v3"\n', ""),
    ]:
        assert old in text
        text = text.replace(old, new, 1)
    connected.path.write_text(text, "utf-8")
    assert refused(connected).message.splitlines() == [
        f"The settings file {connected.path} has 5 values that cannot be understood:",
        "    line 4: no endpoint in [billingo]",
        '    line 9: billingo.default_vat_rate is "18%"; allowed: "27%", "0%"',
        '    line 11: billingo.invoice_capable is "yes"; allowed: true, false',
        "    line 20: billingo.bank_account.id is 2.5; allowed: a whole number",
        "    line 23: billingo.bank_account.currency is 348; allowed: a text in quotes",
    ]


def test_settings_alone_can_be_given_anew_by_their_flags(connected: StateWorld) -> None:
    text = connected.path.read_text("utf-8").replace('"27%"', '"18%"').replace("id = 1", "id = 1.5")
    connected.path.write_text(text, "utf-8")
    assert refused(connected).fix == (
        "Correct the file, run bokko billingo configure with --block, --vat, or connect again: bokko billingo connect"
    )
    seen = connected.load().repairable(BILLINGO)
    assert seen
    assert not {"default_vat_rate", "document_block"} & {*seen.settings}
    now = seen._replace(settings={**decided().settings, "default_vat_rate": "0%"})
    assert commit.configure(connected.stores(), seen, now).settings["default_vat_rate"] == "0%"
    saved = connected.connection()
    assert saved
    assert saved.settings["document_block"] == Block(1, "Webshop", "WEB")


def test_setting_that_broke_since_it_was_seen_stops_a_configure(connected: StateWorld) -> None:
    seen = connected.connection()
    assert seen
    connected.path.write_text(connected.path.read_text("utf-8").replace('"27%"', '"18%"'), "utf-8")
    broken = connected.path.read_bytes()
    with pytest.raises(SettingsUnreadable, match="18%"):
        commit.configure(connected.stores(), seen, seen)
    assert connected.path.read_bytes() == broken


def test_secret_whose_place_cannot_be_understood_is_looked_for_in_the_keyring(connected: StateWorld) -> None:
    connected.path.write_text(connected.path.read_text("utf-8").replace('"keyring"', '"keyrng"'), "utf-8")
    commit.connect(connected.stores(), decided(storage="file"), ApiKey("new"), None, may_switch=False)
    assert connected.secrets_of() == ["new"]
    assert not connected.stores().mark.exists()


@pytest.mark.parametrize("text", ["billingo = 5", "billingo = []", "[[billingo]]\nendpoint = ''"])
def test_provider_that_is_no_table_is_named_and_replaced_by_connect(text: str, unconnected: StateWorld) -> None:
    unconnected.folder.mkdir()
    unconnected.path.write_text(text, "utf-8")
    assert "    line 1: billingo is " in refused(unconnected).message
    commit.connect(unconnected.stores(), decided(), KEY, None, may_switch=False)
    assert unconnected.secret_of() == KEY.reveal()
    unconnected.path.write_text(text, "utf-8")
    assert commit.disconnect(unconnected.stores(), leave_secret=False)
    assert "billingo" not in unconnected.path.read_text("utf-8")
