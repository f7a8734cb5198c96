"""The installed command as its caller finds it, and what is told of the house from outside it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHELLS = {"bash": ".bash_completions/bokko.sh", "zsh": ".zfunc/_bokko", "fish": ".config/fish/completions/bokko.fish"}


def test_unforeseen_exception_is_one_line(home: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import tomllib\ntomllib.loads = 5\n")
    folder = Path(home["BOKKO_CONFIG_DIR"])
    folder.mkdir()
    (folder / "default.toml").write_text("")
    ran = subprocess.run(
        [sys.executable, "-m", "bokko_cli", "billingo", "status"],
        env={**home, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert ran.returncode == 1
    assert ran.stderr.startswith("Error: Unexpected error: TypeError.\n")
    assert len(ran.stderr.splitlines()) == 2
    assert ran.stdout == ""


def test_help_stays_where_python_strips_docstrings(command: list[str], home: dict[str, str]) -> None:
    env = home | {"PYTHONOPTIMIZE": "2"}
    for words in ((), ("billingo",), ("szamlazz", "connect"), ("sandbox",)):
        asked = [*command, *words, "--help"]
        stripped, usual = (subprocess.check_output(asked, env=each, text=True) for each in (env, home))
        assert stripped == usual


@pytest.mark.parametrize(
    ("shell", "form"),
    [
        ("bash", "--install-completion {}"),
        ("zsh", "--install-completion={}"),
        ("fish", "--debug --install-completion {}"),
        ("fish", "--install-completion={}"),
    ],
)
def test_completion_is_installed_for_the_shell_that_is_named(
    command: list[str], home: dict[str, str], shell: str, form: str
) -> None:
    ran = subprocess.check_output([*command, *form.format(shell).split()], env=home, text=True)
    assert ran.startswith(f"{shell} completion installed in ")
    assert (Path(home["HOME"]) / SHELLS[shell]).exists()


@pytest.mark.parametrize("shell", ["powershell", "pwsh"])
@pytest.mark.parametrize("form", ["--install-completion {}", "--install-completion={}"])
def test_completion_for_a_shell_that_is_not_there_is_a_plain_error(
    command: list[str], home: dict[str, str], shell: str, form: str
) -> None:
    nowhere = home | {"PATH": home["HOME"]}
    argv = [*command, *form.format(shell).split()]
    ran = subprocess.run(argv, env=nowhere, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert f"Completion cannot be installed for {shell}: it is not on this machine." in ran.stderr
    assert "Traceback" not in ran.stderr


def test_home_is_all_that_a_child_sees(home: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOKKO_PROFILE", "callers")
    program = "import json, os; print(json.dumps(dict(os.environ)))"
    child = subprocess.run([sys.executable, "-c", program], env=home, capture_output=True, text=True, check=True)
    seen = json.loads(child.stdout)
    assert not {"BOKKO_PROFILE", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "PYTHON_KEYRING_BACKEND"} & seen.keys()
    assert seen["PATH"] == os.environ["PATH"]
    assert seen["TERM"] == "xterm-256color"


def test_modules_import_downwards_only() -> None:
    lint = Path(sys.executable).with_name("lint-imports")
    ran = subprocess.run([lint, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
    assert ran.returncode == 0, ran.stdout
