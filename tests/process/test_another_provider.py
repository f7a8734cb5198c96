"""A provider is a folder and a line: one copied under another name has its commands, and everything works with it."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import bokko_cli

PACKAGE = Path(str(bokko_cli.__file__)).parent
FLAGS = {"billingo": ("--block", "WEB", "--bank-account", "7001"), "szamlazz": ("--prefix", "BK")}


@dataclass(frozen=True, slots=True)
class Copy:
    """The program with one provider more, `demo`, which was copied from `original`."""

    root: Path
    original: str
    environ: dict[str, str]

    def run(self, *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
        argv = [sys.executable, "-m", "bokko_cli", *words]
        env = self.environ | {"PYTHONPATH": str(self.root), "PYTHONIOENCODING": "utf-8"}
        return subprocess.run(
            argv, cwd=self.root, env=env, input=given, capture_output=True, text=True, check=False, encoding="utf-8"
        )

    def connect(self) -> subprocess.CompletedProcess[str]:
        words = ("--sandbox", "--profile", "shop", "demo", "connect", "--api-key-stdin", *FLAGS[self.original])
        return self.run(*words, "--no-invoice-capable", "--json", given="sandbox-ready")


@pytest.fixture(params=["billingo", "szamlazz"])
def copy(request: pytest.FixtureRequest, tmp_path: Path, home: dict[str, str]) -> Copy:
    original = str(request.param)
    root = tmp_path / "program"
    shutil.copytree(PACKAGE, root / "bokko_cli", ignore=shutil.ignore_patterns("__pycache__"))
    providers = root / "bokko_cli" / "providers"
    shutil.copytree(providers / original, providers / "demo")
    for path in (providers / "demo").glob("*.py"):
        text = path.read_text("utf-8").replace(f"providers.{original}", "providers.demo")
        named = text.replace(f'provider="{original}"', 'provider="demo"').replace('title="', 'title="Demo of ')
        path.write_text(named.replace(f"BOKKO_{original.upper()}_", "BOKKO_DEMO_"), "utf-8")
    table = providers / "tables.py"
    line = '    "szamlazz",\n'
    assert table.read_text("utf-8").count(line) == 1
    table.write_text(table.read_text("utf-8").replace(line, f'{line}    "demo",\n'), "utf-8")
    return Copy(root, original, home)


def test_it_has_the_commands_and_flags_of_the_one_it_was_copied_from(copy: Copy) -> None:
    groups = [copy.run(name, "--help").stdout for name in (copy.original, "demo")]
    assert groups[0].partition("Commands:")[2] == groups[1].partition("Commands:")[2] != ""
    original, demo = (copy.run(name, "connect", "--help").stdout for name in (copy.original, "demo"))
    assert demo == original.replace(f"bokko {copy.original}", "bokko demo")
    assert "Demo of" in copy.run("--help").stdout


def test_it_is_connected_shown_and_disconnected_and_its_fixes_repeat_profile_and_sandbox(copy: Copy) -> None:
    connected = copy.connect()
    assert connected.returncode == 0, connected.stderr
    document = json.loads(connected.stdout)
    assert (document["provider"], document["active_provider"]) == ("demo", "demo")
    fix = "bokko --sandbox --profile shop demo configure --invoice-capable"
    assert [problem["fix"] for problem in document["problems"] if problem["code"] == "not_invoice_capable"] == [fix]

    shop = ("--sandbox", "--profile", "shop")
    live = json.loads(copy.run(*shop, "demo", "status", "--check", "--json").stdout)
    assert {problem["code"] for problem in live["problems"] if problem["level"] == "error"} == {"not_invoice_capable"}
    page = json.loads(copy.run(*shop, "integrations", "--json").stdout)
    assert {row["provider"]: row["connected"] for row in page} == {"billingo": False, "szamlazz": False, "demo": True}
    assert "Demo of" in copy.run(*shop, "demo", "status").stdout

    gone = copy.run(*shop, "demo", "disconnect", "--yes", "--json")
    assert (gone.returncode, json.loads(gone.stdout)["state"]) == (0, "not_connected")
    again = copy.run(*shop, "demo", "configure", "--json")
    assert json.loads(again.stdout)["error"]["fix"] == "bokko --sandbox --profile shop demo connect"


def test_a_list_of_its_own_has_a_command_with_help_and_examples(copy: Copy) -> None:
    fields = copy.root / "bokko_cli" / "providers" / "demo" / "fields.py"
    text = fields.read_text("utf-8")
    if copy.original == "szamlazz":
        assert "listing=" not in text  # it lists nothing
        return
    fields.write_text(text.replace('listing="blocks"', 'listing="series"'), "utf-8")
    shown = copy.run("demo", "series", "--help").stdout
    assert "bokko demo series --json" in shown
    assert "blocks, accounts, series, a list:" in copy.run("help", "json").stdout
    copy.connect()
    rows = json.loads(copy.run("--sandbox", "--profile", "shop", "demo", "series", "--json").stdout)
    assert {row["prefix"] for row in rows} >= {"WEB", "WÁ"}


def test_it_reads_its_own_variables(copy: Copy) -> None:
    variable = {"billingo": "BOKKO_DEMO_API_KEY", "szamlazz": "BOKKO_DEMO_AGENT_KEY"}[copy.original]
    copy.environ[variable] = "sandbox-ready"
    words = ("--sandbox", "demo", "connect", *FLAGS[copy.original])
    assert f"Using the key from {variable}." in copy.run(*words).stderr
