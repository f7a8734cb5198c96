"""The settings file, read: whole, or an error that names path and place."""

import hashlib
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bokko_cli.errors import ExitCode, MissingInput, SettingsUnreadable, StorageFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import BankAccount, Block, Connection, KeyPlace, Rehearsal
from bokko_cli.providers.billingo.fields import SPEC as BILLINGO
from bokko_cli.providers.szamlazz.fields import SPEC as SZAMLAZZ
from bokko_cli.store import commit
from bokko_cli.store.folders import make_private
from bokko_cli.store.keyring_service import keyring_service
from bokko_cli.store.profile import load, parse
from bokko_cli.store.secrets_file import SecretsFile
from bokko_cli.store.toml_file import rewrite
from bokko_cli.store.toml_position import line_of
from tests.unit.state_world import COMMON, NOW, StateWorld, Trouble, decided

KEY = ApiKey("a-key-of-some-length")
NAMES = st.text(st.characters(codec="utf-8"), max_size=30)
LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20), max_size=4)


@pytest.fixture
def world(tmp_path: Path) -> StateWorld:
    return StateWorld(tmp_path / "bokko")


@pytest.fixture
def connected(world: StateWorld) -> StateWorld:
    commit.connect(world.stores(), decided(), KEY, None, may_switch=False)
    return world


def refused(world: StateWorld) -> SettingsUnreadable:
    with pytest.raises(SettingsUnreadable) as caught:
        world.connection()
    assert caught.value.exit_code == ExitCode.STORAGE
    assert str(world.path) in caught.value.message
    return caught.value


def test_no_file_is_an_empty_profile(world: StateWorld) -> None:
    assert (world.load().active_provider, world.connection()) == (None, None)
    assert not world.folder.exists()


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


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[billingo]\n\n# note\nvat = 5\n", 4),
        ("a = '''\n[billingo]\nvat = 1\n'''\n[billingo]\nvat = 5", 6),
        ('[billingo]\nvat = """\nfive\n"""\n', 2),
        ("[billingo]\nvat = [\n  5,\n]\n", 2),
        ("x = 1\nbillingo = {a = 1, vat = 5}\n", 2),
        ("billingo.a = 1\r\nbillingo.vat = 5\r\n", 2),
        ("[x]\nvat = 1\n['billingo']\n\"vat\" = 5\n", 4),
    ],
)
def test_line_of_a_value_is_found_in_every_layout(text: str, line: int) -> None:
    assert line_of(text, ("billingo", "vat")) == line
    assert line_of(text, ("billingo", "other")) is None


@pytest.mark.parametrize("text", ["billingo = 5", "billingo = []", "[[billingo]]\nendpoint = ''"])
def test_provider_that_is_no_table_is_named_and_replaced_by_connect(text: str, world: StateWorld) -> None:
    world.folder.mkdir()
    world.path.write_text(text, "utf-8")
    assert "    line 1: billingo is " in refused(world).message
    commit.connect(world.stores(), decided(), KEY, None, may_switch=False)
    assert world.secret_of() == KEY.reveal()
    world.path.write_text(text, "utf-8")
    assert commit.disconnect(world.stores(), leave_secret=False)
    assert "billingo" not in world.path.read_text("utf-8")


def test_file_of_a_newer_version_asks_for_an_update(world: StateWorld) -> None:
    world.folder.mkdir()
    world.path.write_text("schema = 2\n", "utf-8")
    error = refused(world)
    assert ("newer version (schema 2)" in error.message, error.fix) == (True, "Update bokko.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"schema = 1\nbillingo = {", "is not valid TOML: line 2, column 13: "),
        (b"a = 1\nb = \x00", "line 2, column 5: "),
        (b"\x89PNG\xff\xfe", "line 1, column 1: it is not UTF-8 text"),
        (b"a = 1\nb = '\xe9'", "line 2, column 6: it is not UTF-8 text"),
        (b"\xff\xfes\x00", "line 1, column 1: it is not UTF-8 text"),
        (b"a = 1\nb = " + b"9" * 5000, "line 2, column 1: a value that is too long"),
        (b"\na = 1\nb = " + b"[" * 5000, "line 3, column 1: a value that is too long or nested too deep"),
        (b"a = 2026-02-31", "line 1, column 5: "),
        (b"a = 1\na = 2", "line 2, column "),
    ],
)
def test_what_is_not_toml_names_path_and_place_and_how_to_set_it_aside(
    content: bytes, said: str, world: StateWorld
) -> None:
    world.folder.mkdir()
    world.path.write_bytes(content)
    error = refused(world)
    assert said in error.message
    assert error.fix.endswith(f"connect again: mv {world.path} {world.path}.aside")
    for change in (
        lambda: commit.connect(world.stores(), decided(), KEY, None, may_switch=True),
        lambda: commit.disconnect(world.stores(), leave_secret=False),
    ):
        with pytest.raises(SettingsUnreadable):
            change()
    assert world.path.read_bytes() == content


def test_folder_in_the_place_of_the_file_cannot_be_read(world: StateWorld) -> None:
    world.path.mkdir(parents=True)
    error = refused(world)
    assert "Is a directory" in error.message
    assert "move away" in error.fix


def test_link_that_leads_to_itself_is_called_so(world: StateWorld) -> None:
    world.folder.mkdir()
    world.path.symlink_to(world.path)
    assert "is a broken link" in refused(world).fix


@pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_what_editors_on_windows_leave_is_read(change: Callable[[str], str], connected: StateWorld) -> None:
    before = connected.connection()
    connected.path.write_bytes(change(connected.path.read_text("utf-8")).encode())
    assert connected.connection() == before


def test_empty_active_provider_is_none() -> None:
    assert parse(Path("x"), 'active_provider = ""').active_provider is None


@settings(max_examples=60, deadline=None, derandomize=True)
@given(names=st.tuples(NAMES, NAMES, NAMES, NAMES), tax_code=st.none() | NAMES, comments=LINES, extra=NAMES)
def test_any_content_comes_back_as_it_was_written(
    names: tuple[str, str, str, str],
    tax_code: str | None,
    comments: list[str],
    extra: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("settings")
    path = folder / "default.toml"
    notes = "".join(f"# {line}\n" for line in comments)
    path.write_bytes(f"{notes}\n[notes] # {len(comments)}\nmine = 1\n".encode())
    rewrite(path, lambda content: {**content, "notes": {"mine": 1, "name": extra}})
    world = StateWorld(folder)
    wanted = decided()._replace(
        account_tax_code=tax_code,
        settings={
            **COMMON,
            "document_block": Block(7, names[0], names[1]),
            "bank_account": BankAccount(8, names[2], names[3], names[0]),
        },
    )
    commit.connect(world.stores(), wanted, KEY, None, may_switch=False)
    assert world.connection() == wanted._replace(key=KeyPlace("keyring", "a", None))
    commit.connect(world.stores(), wanted, KEY, None, may_switch=False)
    assert world.connection() == wanted._replace(key=KeyPlace("keyring", "b", None))
    commit.disconnect(world.stores(), leave_secret=False)
    assert world.load().content == {"schema": 1, "notes": {"mine": 1, "name": extra}}
    assert path.read_bytes().decode().startswith(notes)


def test_keyring_service_is_plain_for_the_platforms_folder_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    other = tmp_path / "elsewhere"
    other.mkdir()
    (tmp_path / "link").symlink_to(other)
    named = f"bokko:billingo:{hashlib.sha256(str(other.resolve()).encode()).hexdigest()[:8]}"
    assert keyring_service("billingo", other) == keyring_service("billingo", tmp_path / "link") == named
    assert keyring_service("billingo", other / ".." / "elsewhere") == named


def test_every_folder_that_is_made_is_private_and_one_that_exists_is_left(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    make_private(tmp_path / "one" / "two")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (tmp_path, tmp_path / "one", tmp_path / "one" / "two")]
    assert modes == [0o755, 0o700, 0o700]


def secrets_file(tmp_path: Path, provider: str = "billingo") -> SecretsFile:
    return SecretsFile(tmp_path / "default.secrets.toml", provider, rewrite, pytest.fail)


def test_secrets_file_is_private_and_goes_with_its_last_secret(tmp_path: Path) -> None:
    ours, theirs = secrets_file(tmp_path), secrets_file(tmp_path, "szamlazz")
    ours.write("a", KEY)
    theirs.write("b", KEY)
    assert stat.S_IMODE(ours.path.stat().st_mode) == 0o600
    ours.delete("a")
    assert (ours.read("a"), theirs.read("b")) == (None, KEY)
    theirs.delete("b")
    assert list(tmp_path.iterdir()) == []


def test_secrets_file_behind_a_link_is_emptied_where_the_link_points(tmp_path: Path) -> None:
    target = tmp_path / "target.toml"
    store = secrets_file(tmp_path)
    store.path.symlink_to(target)
    store.write("a", KEY)
    assert KEY.reveal() in target.read_text("utf-8")
    store.delete("a")
    assert not target.exists()
    assert store.read("a") is None


def test_secrets_file_with_what_a_person_added_stays(tmp_path: Path) -> None:
    store = secrets_file(tmp_path)
    store.path.write_bytes(b"\xef\xbb\xbfmine = 1\r\n[billingo]\r\na = 'x'\r\n")
    store.path.chmod(0o600)
    assert store.read("a") == ApiKey("x")
    store.delete("a")
    assert store.read("a") is None
    assert "mine = 1" in store.path.read_text("utf-8")


@pytest.mark.parametrize("content", [b"billingo = 5", b"[billingo]\na = 5", b"geheim", b"\xff", b"a = " + b"[" * 5000])
def test_secrets_file_that_is_not_ours_is_refused_not_shown_and_not_overwritten(content: bytes, tmp_path: Path) -> None:
    store = secrets_file(tmp_path)
    store.path.write_bytes(content)
    with pytest.raises(SettingsUnreadable) as caught:
        store.read("a")
    assert "geheim" not in caught.value.message
    if content != b"[billingo]\na = 5":
        with pytest.raises(SettingsUnreadable):
            store.write("a", KEY)
        assert store.path.read_bytes() == content


def test_another_provider_that_became_active_meanwhile_needs_yes(connected: StateWorld) -> None:
    stores = connected.stores("szamlazz")
    wanted = decided(SZAMLAZZ)
    with pytest.raises(MissingInput, match="billingo has become the active provider in the meantime"):
        commit.connect(stores, wanted, KEY, None, may_switch=False)
    assert (connected.load().active_provider, connected.secrets_of("szamlazz")) == ("billingo", [])
    commit.connect(stores, wanted, KEY, "billingo", may_switch=False)
    assert connected.load().active_provider == "szamlazz"
    assert connected.secret_of() == KEY.reveal()


def test_verified_connection_that_was_replaced_is_not_activated(connected: StateWorld) -> None:
    seen = connected.connection()
    assert seen
    commit.connect(connected.stores(), decided(), ApiKey("another"), None, may_switch=False)
    before = connected.path.read_bytes()
    with pytest.raises(StorageFailed, match="connected again in the meantime"):
        commit.activate(connected.stores(), seen, None, may_switch=True)
    assert connected.path.read_bytes() == before


def test_configure_changes_only_what_was_decided(connected: StateWorld) -> None:
    seen = connected.connection()
    assert seen
    by_hand = connected.path.read_text("utf-8").replace('"bank_transfer"', '"cash" # by hand')
    connected.path.write_text(by_hand, "utf-8")
    now = seen._replace(settings={**seen.settings, "default_vat_rate": "0%"})
    saved = commit.configure(connected.stores(), seen, now)
    assert (saved.settings["default_vat_rate"], saved.settings["default_payment_method"]) == ("0%", "cash")
    assert "# by hand" in connected.path.read_text("utf-8")


@pytest.mark.parametrize("change", ["connect", "dry run"])
def test_layout_that_cannot_be_changed_is_refused_before_a_secret_is_touched(change: str, world: StateWorld) -> None:
    world.folder.mkdir()
    spread = 'billingo.extra = 3\nbillingo.more.slot = "b"\n[billingo."odd key"]\n[notes]\n'
    world.path.write_text(spread, "utf-8")
    acts: dict[str, Callable[[], object]] = {
        "connect": lambda: commit.connect(world.stores(), decided(), KEY, None, may_switch=False),
        "dry run": lambda: commit.dry_run(world.stores(), decided()),
    }
    with pytest.raises(StorageFailed, match="cannot be changed safely"):
        acts[change]()
    assert (world.path.read_text("utf-8"), world.trouble.calls) == (spread, [])


def test_disconnect_that_cannot_write_keeps_the_secret(connected: StateWorld) -> None:
    (connected.folder / ".default.toml.new").mkdir()
    with pytest.raises(StorageFailed, match="Cannot write"):
        commit.disconnect(connected.stores(), leave_secret=False)
    assert connected.secret_of() == KEY.reveal()


def test_dry_run_finds_what_the_real_run_would(world: StateWorld, tmp_path: Path) -> None:
    commit.dry_run(world.stores(), decided())
    assert not world.folder.exists()
    (tmp_path / "bokko").touch()
    with pytest.raises(StorageFailed, match="not a writable folder"):
        commit.dry_run(world.stores(), decided())


def test_connection_is_a_whole(connected: StateWorld) -> None:
    connection = connected.connection()
    assert isinstance(connection, Connection)
    assert (connection.connected_at, connection.key) == (NOW, KeyPlace("keyring", "a", None))
    assert load(connected.folder, "other").connection(BILLINGO) is None


@pytest.mark.parametrize("is_after", [False, True])
def test_secret_that_was_written_but_not_confirmed_is_taken_out_again(is_after: bool, connected: StateWorld) -> None:
    before = connected.path.read_bytes()
    connected.trouble = Trouble(at=1, is_after=is_after)
    with pytest.raises(StorageFailed):
        commit.connect(connected.stores(), decided(), ApiKey("another"), None, may_switch=False)
    assert (connected.secrets_of(), connected.path.read_bytes()) == ([KEY.reveal()], before)
    assert not connected.stores().mark.exists()


def test_next_change_sweeps_what_a_killed_connect_left(connected: StateWorld) -> None:
    connected.kept["billingo", "keyring", "b"] = "orphan"
    seen = connected.connection()
    assert seen
    commit.configure(connected.stores(), seen, seen)
    assert connected.secrets_of() == [KEY.reveal()]


REHEARSED = '[billingo.rehearsal]\nat = 2026-11-22T21:57:40Z\noutcome = "passed"\n'


@pytest.fixture
def rehearsed(connected: StateWorld) -> Connection:
    connected.path.write_text(f"{connected.path.read_text('utf-8')}\n{REHEARSED}", "utf-8")
    connection = connected.connection()
    assert connection
    assert connection.rehearsal == Rehearsal(NOW, "passed")
    return connection


def test_what_is_known_of_key_and_subscription_comes_back_as_written(world: StateWorld) -> None:
    known = decided()._replace(
        subscription_until=date(2027, 12, 31), subscription_has_plan=False,
        key=KeyPlace("keyring", None, None, can_write=False),
    )  # fmt: skip
    written = commit.connect(world.stores(), known, KEY, None, may_switch=False)
    assert written == known._replace(key=KeyPlace("keyring", "a", None, can_write=False))
    assert world.connection() == written
    again = commit.connect(world.stores(), decided(), KEY, None, may_switch=False)
    assert world.connection() == again
    assert (again.subscription_until, again.subscription_has_plan, again.key.can_write) == (None, None, None)


@pytest.mark.parametrize("changes", [{}, {"invoice_capable": False}])
def test_rehearsal_is_forgotten_when_settings_change(
    connected: StateWorld, rehearsed: Connection, changes: dict[str, bool]
) -> None:
    now = rehearsed._replace(settings={**rehearsed.settings, **changes})
    after = commit.configure(connected.stores(), rehearsed, now)
    assert after.rehearsal == (None if changes else Rehearsal(NOW, "passed"))
    assert connected.connection() == after


@pytest.mark.usefixtures("rehearsed")
def test_rehearsal_is_forgotten_when_the_key_changes(connected: StateWorld) -> None:
    after = commit.connect(connected.stores(), decided(), KEY, None, may_switch=False)
    assert after.rehearsal is None
    assert connected.connection() == after


def test_activate_keeps_the_rehearsal(connected: StateWorld, rehearsed: Connection) -> None:
    commit.activate(connected.stores(), rehearsed, None, may_switch=False)
    assert connected.connection() == rehearsed


@pytest.mark.parametrize("form", ['[billingo."{}"]\n[billingo."{}"]', "x = {{{} = 1, {} = 2}}", '"{}" = 1\n"{}" = 2'])
def test_key_that_the_parser_repeats_is_not_shown(form: str) -> None:
    key = "63faa428-9044-11ea-8ed0-0242ac120005"
    with pytest.raises(SettingsUnreadable) as caught:
        parse(Path("x"), form.format(key, key))
    assert key not in caught.value.message + caught.value.fix
