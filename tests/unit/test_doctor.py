"""Each thing that `doctor` can find, caused; and not found where it is not there."""

import os
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from bokko_cli.commands import connect
from bokko_cli.commands.doctor import Options, examined, keyring, network, program
from bokko_cli.commands.doctor.keyring import Answering, Need
from bokko_cli.errors import (
    BokkoError,
    EndpointRefused,
    ExitCode,
    InvalidValue,
    KeyringFailed,
    KeyringLocked,
    KeyringUnavailable,
)
from bokko_cli.model.public_findings import exit_code_of_findings, identifier
from bokko_cli.model.values import Item, Level
from bokko_cli.network.probe import Failure, Stage, Way
from bokko_cli.output.hungarian import in_hungarian
from bokko_cli.prompter.base import NoPrompter
from bokko_cli.providers.billingo.fields import SPEC
from tests.fakes import CHOSEN, KEY, World

Found = dict[tuple[str, str], Item]
API = "https://api.billingo.hu/v3"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))


def world(tmp_path: Path, **environ: str) -> World:
    return World(tmp_path / "home" / "bokko", environ=environ)


def examine(of: World, *, offline: bool = True) -> Found:
    items = examined(of.context(NoPrompter()), Options(offline=offline))
    return {(item.section, item.item): item for item in items}


def levels(found: Found, section: str) -> dict[str, Level]:
    return {item: one.level for (where, item), one in found.items() if where == section}


def wrong_in(found: Found) -> set[tuple[str, str]]:
    return {key for key, item in found.items() if item.level != "ok"}


def test_on_a_machine_that_was_never_used_nothing_is_wrong(tmp_path: Path) -> None:
    found = examine(world(tmp_path))
    assert wrong_in(found) == set()
    assert [*dict.fromkeys(section for section, _ in found)] == [
        "program", "environment", "settings", "keyring", "network", "connections", "leftovers",
    ]  # fmt: skip


def test_on_a_machine_where_all_is_set_up_nothing_is_wrong(tmp_path: Path) -> None:
    found = examine(world(tmp_path).connected())
    assert wrong_in(found) == set()
    assert found["connections", "default.billingo"].message == "default, Billingo: ready"
    assert found["settings", "default.toml"].message == "~/bokko/default.toml (0600)"
    assert found["settings", "profiles"].message == "Profiles: default"
    assert found["leftovers", "none"].level == "ok"


@pytest.mark.parametrize(
    ("name", "value", "level"),
    [
        ("BOKKO_PROFIL", "shop", "warning"),
        ("BOKKO_PROFILE", "Shop!", "problem"),
        ("BOKKO_LANG", "klingon", "warning"),
        ("BOKKO_BILLINGO_URL", "http://billingo.example/v3", "problem"),
        ("BOKKO_BILLINGO_URL", "billingo", "problem"),
        ("BOKKO_BILLINGO_API_KEY", "two words", "problem"),
        ("SSL_CERT_FILE", "/nowhere/at/all.pem", "problem"),
        ("SSL_CERT_DIR", "/nowhere/at/all", "problem"),
        ("HTTPS_PROXY", "socks5://127.0.0.1:1080", "problem"),
        ("all_proxy", "SOCKS://127.0.0.1:1080", "problem"),
    ],
)
def test_variable_that_cannot_be_meant_so_is_named_without_its_value(
    tmp_path: Path, name: str, value: str, level: Level
) -> None:
    item = examine(world(tmp_path, **{name: value}))["environment", name]
    assert (item.level, name in item.message) == (level, True)
    assert value not in f"{item.message}{item.fix}"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOKKO_PROFILE", "shop"),
        ("BOKKO_LANG", "hu"),
        ("BOKKO_BILLINGO_URL", "https://billingo.example/v3"),
        ("BOKKO_BILLINGO_API_KEY", KEY),
        ("SSL_CERT_FILE", __file__),
        ("SSL_CERT_DIR", str(Path(__file__).parent)),
        ("HTTPS_PROXY", "http://127.0.0.1:3128"),
        ("no_proxy", "intranet.example"),
        ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/run/user/1000/bus"),
        ("LC_MESSAGES", "hu_HU.UTF-8"),
        ("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring"),
        ("PAGER", "less"),
    ],
)
def test_variable_that_is_well_is_listed_by_its_name_alone(tmp_path: Path, name: str, value: str) -> None:
    found = examine(world(tmp_path, **{name: value}))
    assert levels(found, "environment") == {"variables": "ok", "home": "ok"}
    message = found["environment", "variables"].message
    assert (name in message) is (name != "PAGER")
    assert value not in message


def test_user_without_a_home_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_path: str) -> str:
        return "~"

    monkeypatch.setattr(os.path, "expanduser", nobody)
    assert examine(world(tmp_path))["environment", "home"].level == "problem"
    assert examine(world(tmp_path, BOKKO_CONFIG_DIR="/x"))["environment", "home"].level == "ok"


def test_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "bokko").touch()
    item = examine(world(tmp_path))["settings", "folder"]
    assert (item.level, item.message) == ("problem", "The folder ~/bokko cannot be entered.")


def test_file_that_is_not_toml_is_named_with_line_and_column_and_not_shown(tmp_path: Path) -> None:
    here = world(tmp_path).connected()
    here.settings.write_text(here.settings.read_text("utf-8") + f"\nkey {KEY}\n", "utf-8")
    found = examine(here)
    item = found["settings", "default.toml"]
    line = here.settings.read_text("utf-8").count("\n")
    assert item.level == "problem"
    assert item.message == f"~/bokko/default.toml is not valid TOML: line {line}, column 5."
    assert found["connections", "default"].level == "warning"


def test_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.folder.mkdir(parents=True)
    here.settings.write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in examine(here)["settings", "default.toml"].message


def test_file_of_a_newer_version_is_told(tmp_path: Path) -> None:
    here = world(tmp_path).connected()
    here.settings.write_text(here.settings.read_text("utf-8").replace("schema = 1", "schema = 9"), "utf-8")
    assert examine(here)["settings", "default.toml"].fix == "Update bokko."


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('default_vat_rate = "27%"', f'default_vat_rate = "{KEY}"', "billingo.default_vat_rate"),
        ("id = 40101", f'id = "{KEY}"', "billingo.document_block"),
        ('slot = "a"', f'slot = "{KEY}"', "billingo.api_key.slot"),
        ('active_provider = "billingo"', "active_provider = 7", "active_provider"),
    ],
)
def test_value_that_is_not_understood_is_named_by_line_and_field_and_never_shown(
    tmp_path: Path, old: str, new: str, field: str
) -> None:
    here = world(tmp_path).connected()
    before = here.settings.read_text("utf-8")
    assert old in before
    here.settings.write_text(before.replace(old, new), "utf-8")
    item = examine(here)["settings", "default.toml"]
    assert item.level == "problem"
    assert field in item.message
    assert f"line {before[: before.index(old)].count(chr(10)) + 1}" in item.message or "document_block" in field
    assert KEY not in f"{item.message}{item.fix}"


@pytest.mark.skipif(os.name == "nt", reason="files have no such modes there")
@pytest.mark.parametrize(("file", "level"), [("default.toml", "warning"), ("default.secrets.toml", "problem")])
def test_file_that_others_may_read_is_told(tmp_path: Path, file: str, level: Level) -> None:
    here = world(tmp_path).connected()
    path = here.folder / file
    path.touch()
    path.chmod(0o644)
    item = examine(here)["settings", file]
    assert (item.level, item.fix) == (level, f"Run: chmod 600 ~/bokko/{file}")
    path.chmod(0o600)
    assert examine(here)["settings", file].level == "ok"


MISSING = KeyringUnavailable("No keyring.")
LOCKED = KeyringLocked("The keyring is locked.")
FAILED = KeyringFailed("The keyring failed.")


@pytest.mark.parametrize(
    ("failure", "need", "level"),
    [
        (None, "needed", "ok"),
        (None, "open", "ok"),
        *((failure, "needed", "problem") for failure in (MISSING, LOCKED, FAILED)),
        *((failure, "elsewhere", "ok") for failure in (MISSING, LOCKED, FAILED)),
        (MISSING, "open", "ok"),
        (LOCKED, "open", "warning"),
        (FAILED, "open", "warning"),
    ],
)
def test_keyring_is_judged_by_how_it_answers_and_whether_it_is_needed(
    failure: BokkoError | None, need: Need, level: Level
) -> None:
    answering = Answering(identifier("SecretService Keyring"), 0.014, failure)
    item = keyring.item(answering, need)
    assert (item.level, item.fix is None) == (level, level == "ok")
    assert "SecretService Keyring" in item.message


@pytest.mark.parametrize("storage", ["file", "env"])
@pytest.mark.parametrize("failure", [MISSING, LOCKED, FAILED], ids=lambda failure: failure.code)
def test_keyring_that_no_connection_needs_is_no_trouble(tmp_path: Path, storage: str, failure: BokkoError) -> None:
    here = world(tmp_path)
    here.environ[SPEC.key_variable] = here.standard_input = here.provider.key
    options = connect.Options(CHOSEN, api_key_stdin=True, key_storage=storage)
    assert here.connect(options=options) == ExitCode.DONE
    here.secrets["keyring"].failure = failure
    found = examine(here)
    assert wrong_in(found) == set()
    assert found["keyring", "answer"].message.endswith("No connection needs one: each key is kept elsewhere.")


def test_where_nothing_is_connected_a_missing_keyring_is_told_with_what_connecting_will_ask(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.secrets["keyring"].failure = MISSING
    found = examine(here)
    assert wrong_in(found) == set()
    assert found["keyring", "answer"].message.endswith(
        "Nothing needs one yet. When you connect, you are asked where to keep the key; "
        "in a script, give --key-storage file or env."
    )


@pytest.mark.parametrize("trace", ["unreadable settings", "mark"])
def test_keyring_that_may_hold_a_key_is_needed(tmp_path: Path, trace: str) -> None:
    here = world(tmp_path)
    here.folder.mkdir(parents=True)
    if trace == "mark":
        (here.folder / ".default.billingo.unswept").touch(0o600)
    else:
        here.settings.write_text("no toml", "utf-8")
    here.secrets["keyring"].failure = MISSING
    assert examine(here)["keyring", "answer"].level == "problem"


def test_keyring_that_fails_is_asked_once_and_each_connection_that_needs_it_says_so(tmp_path: Path) -> None:
    here = world(tmp_path).connected()
    here.secrets["keyring"].failure = KeyringLocked("The keyring is locked.")
    found = examine(here)
    assert found["keyring", "answer"].level == "problem"
    assert "keyring_unavailable" in found["connections", "default.billingo"].message


def test_sandbox_asks_no_keyring(tmp_path: Path) -> None:
    here = world(tmp_path)
    here.is_sandbox = True
    here.secrets["keyring"].failure = KeyringLocked("The keyring is locked.")
    assert examine(here)["keyring", "answer"].level == "ok"


@pytest.mark.parametrize(
    ("fault", "passed", "stage"),
    [
        ("unknown", (), "name"),
        ("no_connection", ("name",), "connection"),
        ("silent", ("name",), "connection"),
        ("too_early", ("name", "connection"), "tls"),
        ("too_late", ("name", "connection"), "tls"),
        ("untrusted", ("name", "connection"), "tls"),
        ("other_host", ("name", "connection"), "tls"),
        ("tls", ("name", "connection"), "tls"),
        ("silent", ("name", "connection", "tls"), "answer"),
        ("proxy", ("name",), "connection"),
    ],
)
def test_place_where_the_way_ends_is_told(fault: Failure, passed: tuple[Stage, ...], stage: Stage) -> None:
    items = [*network.items([(SPEC, API)], lambda _: Way(passed, fault))]
    assert [item.item for item in items] == [f"billingo.{each}" for each in (*passed, stage)]
    assert [item.level for item in items] == [*("ok" for _ in passed), "problem"]
    assert "api.billingo.hu" in items[-1].message or "proxy" in items[-1].message


def test_address_on_this_machine_that_nobody_answers_at_is_no_matter_of_the_network() -> None:
    *_, item = network.items([(SPEC, "http://127.0.0.1:9/v3")], lambda _: Way(("name",), "no_connection"))
    assert "Billingo" in item.message
    assert "Start the program" in str(item.fix)


def test_keyring_that_a_variable_names_and_nobody_can_load_is_the_variables_fault() -> None:
    answering = Answering(identifier("none"), 0.0, KeyringFailed("So."))
    assert "PYTHON_KEYRING_BACKEND" in keyring.item(answering, "open", is_named=True).message
    assert "PYTHON_KEYRING_BACKEND" not in keyring.item(answering, "open").message


def test_setting_that_is_not_understood_can_be_given_anew_by_its_flag(tmp_path: Path) -> None:
    here = world(tmp_path).connected()
    text = here.settings.read_text("utf-8")
    here.settings.write_text(text.replace('default_vat_rate = "27%"', 'default_vat_rate = "18%"'), "utf-8")
    fix = str(examine(here)["settings", "default.toml"].fix)
    assert fix.endswith("bokko billingo configure --vat VALUE")


def test_way_that_ends_at_a_proxy_blames_the_proxy() -> None:
    *_, item = network.items([(SPEC, API)], lambda _: Way((), "unknown", proxy="ALL_PROXY"))
    assert "proxy" in item.message
    assert "ALL_PROXY" in str(item.fix)


@pytest.mark.parametrize(("status", "level"), [(200, "ok"), (401, "ok"), (500, "warning"), (503, "warning")])
def test_answer_is_well_unless_the_server_is_in_trouble(status: int, level: Level) -> None:
    way = Way(("name", "connection", "tls", "answer"), None, status=status, seconds=0.123)
    *_, item = network.items([(SPEC, API)], lambda _: way)
    assert (item.item, item.level) == ("billingo.answer", level)
    assert "0.12 s" in item.message


@pytest.mark.parametrize("error", [EndpointRefused("https://secret.example"), InvalidValue("https://secret.example")])
def test_request_that_cannot_be_made_is_told_without_what_a_variable_holds(error: BokkoError) -> None:
    def refuse(_: str) -> Way:
        raise error

    (item,) = network.items([(SPEC, API)], refuse)
    assert item.level == "problem"
    assert "secret" not in f"{item.message}{item.fix}"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("HTTPS_PROXY", "socks5://anna:hidden@127.0.0.1:1"),
        ("https_proxy", "ftp://hidden"),
        ("ALL_PROXY", "http://hidden:port"),
        ("all_proxy", "socks://hidden"),
        ("SSL_CERT_FILE", "/nowhere/hidden.pem"),
        ("SSLKEYLOGFILE", "/nowhere/hidden.log"),
    ],
)
def test_setting_that_stops_every_request_is_named_and_no_other(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    (item,) = network.items([(SPEC, API)])
    assert item.message == f"Billingo was not asked: the value of {variable} cannot be used."
    assert item.fix == f"Correct {variable}, or unset it."


@pytest.mark.parametrize(
    ("offsets", "level"),
    [
        ([0.0], "ok"),
        ([299.0, -200.0], "ok"),
        ([7200.0], "problem"),
        ([-86400.0, -86399.0], "problem"),
        ([0.0, 7200.0], "warning"),
    ],
)
def test_clock_is_wrong_where_every_server_disagrees_with_it(offsets: list[float], level: Level) -> None:
    assert network.clock(offsets).level == level


def test_where_no_server_told_the_time_nothing_is_said_of_the_clock() -> None:
    way = Way(("name", "connection", "answer"), None, status=200)
    assert [item.item for item in network.items([(SPEC, API)], lambda _: way)][-1] == "billingo.answer"


def test_offline_nothing_is_sent(tmp_path: Path) -> None:
    assert levels(examine(world(tmp_path)), "network") == {"offline": "ok"}  # the tests' network would refuse, loudly


def test_connection_with_problems_is_told_in_words_with_their_codes_behind_them(tmp_path: Path) -> None:
    here = world(tmp_path).connected(invoice_capable=False)
    here.secrets["keyring"].kept.clear()
    item = examine(here)["connections", "default.billingo"]
    assert item.level == "problem"
    assert item.message == (
        "default, Billingo: needs attention (key_missing, not_invoice_capable). "
        "The key is not where the settings say it is."
    )
    assert str(item.fix).endswith("Run: bokko billingo connect")


@pytest.mark.parametrize(
    ("settings", "state"), [({}, "kész"), ({"invoice_capable": False}, "teendő van (not_invoice_capable). ")]
)
def test_state_of_a_connection_is_told_in_the_words_that_status_has(
    tmp_path: Path, settings: dict[str, bool], state: str
) -> None:
    here = world(tmp_path).connected(**settings)
    item = examine(here)["connections", "default.billingo"]
    assert in_hungarian(item.message).startswith(f"default, Billingo: {state}")


def test_connection_that_nobody_made_active_is_told(tmp_path: Path) -> None:
    here = world(tmp_path).connected()
    here.settings.write_text(here.settings.read_text("utf-8").replace('active_provider = "billingo"', ""), "utf-8")
    item = examine(here)["connections", "default.billingo"]
    assert (item.level, item.fix) == ("warning", "Run: bokko billingo activate")


def test_variable_that_names_another_address_than_the_stored_one_is_told(tmp_path: Path) -> None:
    here = world(tmp_path).connected()
    here.environ["BOKKO_BILLINGO_URL"] = "https://gateway.example:8443/secret/v3"
    item = examine(here)["connections", "default.billingo.address"]
    assert item.level == "problem"
    assert "gateway.example, but the stored key belongs to api.billingo.hu" in item.message
    assert "secret" not in item.message


@pytest.mark.parametrize(
    ("file", "item"),
    [
        (".default.billingo.unswept", "default.billingo.unswept"),
        ("default.billingo.rehearsal.json", "default.billingo.rehearsal.json"),
        (".default.toml.new", "default.toml.new"),
    ],
)
def test_file_that_a_past_run_left_is_told(tmp_path: Path, file: str, item: str) -> None:
    here = world(tmp_path).connected()
    (here.folder / file).touch()
    found = examine(here)
    assert levels(found, "leftovers") == {item: "warning"}
    assert file in found["leftovers", item].message


@pytest.mark.parametrize(("storage", "words"), [("keyring", "the keyring"), ("file", "the secrets file")])
def test_secret_in_the_slot_that_no_settings_name_is_told(tmp_path: Path, storage: str, words: str) -> None:
    here = world(tmp_path).connected()
    assert storage in {"keyring", "file"}
    here.secrets["keyring" if storage == "keyring" else "file"].kept["b"] = KEY
    (here.folder / "default.secrets.toml").touch(0o600)
    found = examine(here)
    assert levels(found, "leftovers") == {f"default.billingo.{storage}.b": "warning"}
    said = found["leftovers", f"default.billingo.{storage}.b"].message
    assert said == f"default, Billingo: slot b of {words} holds a key that no settings use."


def test_secret_without_any_settings_is_told_with_the_command_that_removes_it(tmp_path: Path) -> None:
    here = world(tmp_path).connected()
    here.settings.unlink()
    item = examine(here)["leftovers", "default.billingo.keyring.a"]
    assert item.fix == "Remove it: bokko billingo disconnect"


def test_secrets_are_not_called_left_over_where_the_settings_cannot_be_read(tmp_path: Path) -> None:
    here = world(tmp_path).connected()
    here.settings.write_text("broken", "utf-8")
    assert levels(examine(here), "leftovers") == {"none": "ok"}


def test_subject_that_breaks_does_not_hide_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError(KEY)

    monkeypatch.setattr(program, "threads", broken)
    found = examine(world(tmp_path))
    assert found["program", "unforeseen"].level == "problem"
    assert "RuntimeError" in found["program", "unforeseen"].message
    assert ("leftovers", "none") in found
    assert KEY not in str(found)


def test_problem_anywhere_is_the_exit_code(tmp_path: Path) -> None:
    assert exit_code_of_findings(examine(world(tmp_path)).values()) == 0
    assert exit_code_of_findings(examine(world(tmp_path, BOKKO_PROFILE="X!")).values()) == 5


class Installed(Distribution):
    """A distribution with files in memory."""

    def __init__(self, **files: str) -> None:
        self._files = files

    def read_text(self, filename: str) -> str | None:
        return self._files.get(filename.replace(".", "_"))

    def locate_file(self, path: os.PathLike[str] | str) -> Path:
        return Path(path)


@pytest.mark.parametrize(
    ("found", "prefix", "said"),
    [
        (None, "/usr", "from its source"),
        (Installed(direct_url_json='{"dir_info": {"editable": true}, "url": "file:///home/anna/x"}'), "/v", "editable"),
        (Installed(INSTALLER="pip"), "/home/anna/.local/pipx/venvs/bokko", "pipx"),
        (Installed(INSTALLER="uv"), "/home/anna/.local/share/uv/tools/bokko", "uv, as a tool"),
        (Installed(INSTALLER="pip\n"), "/usr", "Installed by pip."),
        (Installed(direct_url_json="not json", INSTALLER="pip"), "/usr", "Installed by pip."),
        (Installed(INSTALLER="anna's own"), "/usr", "another tool"),
        (Installed(), "/usr", "another tool"),
    ],
)
def test_way_of_installation_is_told_and_nothing_of_where(found: Installed | None, prefix: str, said: str) -> None:
    sentence = program.how_installed(found, Path(prefix))
    assert said in sentence
    assert "anna" not in sentence


def test_each_problem_of_a_connection_has_its_meaning_and_its_fix(tmp_path: Path) -> None:
    of = world(tmp_path).connected(invoice_capable=False, tax_number="10773381-2-44")
    of.secrets["keyring"].kept.clear()
    found = examine(of)
    first = found["connections", "default.billingo"]
    assert (first.level, first.message) == (
        "problem",
        ("default, Billingo: needs attention (key_missing, not_invoice_capable, tax_number_differs). "
        "The key is not where the settings say it is."),
    )  # fmt: skip
    capable = found["connections", "default.billingo.not_invoice_capable"]
    assert (capable.level, capable.message) == (
        "problem",
        "default, Billingo: Invoice capable is set to no. (not_invoice_capable)",
    )
    assert (capable.fix or "").endswith("Run: bokko billingo configure --invoice-capable")
    assert found["connections", "default.billingo.tax_number_differs"].level == "warning"
