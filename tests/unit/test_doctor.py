"""`doctor` as a whole, and what it says of program and environment; not found where nothing is wrong."""

import os
from importlib.metadata import Distribution
from pathlib import Path

import pytest

from bokko_cli.commands.doctor import program
from bokko_cli.model.public_findings import exit_code_of_findings
from bokko_cli.model.values import Level
from tests.fakes import KEY
from tests.unit.doctoring import examine, levels, machine, wrong_in

pytestmark = pytest.mark.usefixtures("own_home")


def test_on_a_machine_that_was_never_used_nothing_is_wrong(tmp_path: Path) -> None:
    found = examine(machine(tmp_path))
    assert wrong_in(found) == set()
    assert [*dict.fromkeys(section for section, _ in found)] == [
        "program", "environment", "settings", "keyring", "network", "connections", "leftovers",
    ]  # fmt: skip


def test_on_a_machine_where_all_is_set_up_nothing_is_wrong(tmp_path: Path) -> None:
    found = examine(machine(tmp_path).connected())
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
    item = examine(machine(tmp_path, **{name: value}))["environment", name]
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
    found = examine(machine(tmp_path, **{name: value}))
    assert levels(found, "environment") == {"variables": "ok", "home": "ok"}
    message = found["environment", "variables"].message
    assert (name in message) is (name != "PAGER")
    assert value not in message


def test_user_without_a_home_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_path: str) -> str:
        return "~"

    monkeypatch.setattr(os.path, "expanduser", nobody)
    assert examine(machine(tmp_path))["environment", "home"].level == "problem"
    assert examine(machine(tmp_path, BOKKO_CONFIG_DIR="/x"))["environment", "home"].level == "ok"


def test_subject_that_breaks_does_not_hide_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise RuntimeError(KEY)

    monkeypatch.setattr(program, "threads", broken)
    found = examine(machine(tmp_path))
    assert found["program", "unforeseen"].level == "problem"
    assert "RuntimeError" in found["program", "unforeseen"].message
    assert ("leftovers", "none") in found
    assert KEY not in str(found)


def test_problem_anywhere_is_the_exit_code(tmp_path: Path) -> None:
    assert exit_code_of_findings(examine(machine(tmp_path)).values()) == 0
    assert exit_code_of_findings(examine(machine(tmp_path, BOKKO_PROFILE="X!")).values()) == 5


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
