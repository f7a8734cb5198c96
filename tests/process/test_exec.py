"""`export` and `exec`: the settings for programs, the key in their environment and nowhere else."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from tests import preloaded
from tests.fake_billingo import FakeBillingo
from tests.servers import Server

KEY = FakeBillingo().key
SHOW = "import json, os, sys; print(json.dumps([dict(os.environ), sys.argv[1:]]))"
CONNECT = ("connect", "--api-key-stdin", "--no-input", "--key-storage")


@dataclass(frozen=True)
class ServedBokko:
    """The installed command in a home of its own, with a Billingo that it may ask."""

    command: list[str]
    home: dict[str, str]
    url: str

    def run(self, *arguments: str, given: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
        env = {**self.home, "BOKKO_BILLINGO_URL": self.url, **environ}
        return preloaded.run([*self.command, *arguments], env, given)

    def connected(self, *flags: str, storage: str = "file", **environ: str) -> "ServedBokko":
        rows = ("--block", "40101", "--bank-account", "7001")
        done = self.run("billingo", *CONNECT, storage, *rows, *flags, given=f"{KEY}\n", **environ)
        assert done.returncode == 0, done.stderr
        return self

    def shown(self, provider: str = "billingo", *arguments: str, **environ: str) -> tuple[dict[str, str], list[str]]:
        """Return what a program finds: its variables of ours, and its arguments."""
        done = self.run(provider, "exec", "--", sys.executable, "-c", SHOW, *arguments, **environ)
        assert done.returncode == 0, done.stderr
        found, rest = json.loads(done.stdout)
        return {name: value for name, value in found.items() if name.startswith("BOKKO_")}, rest


@pytest.fixture
def bokko(command: list[str], home: dict[str, str]) -> Iterator[ServedBokko]:
    with Server(FakeBillingo().answer) as server:
        yield ServedBokko(command, home, f"{server.url}/v3")


def test_program_finds_key_and_settings_in_its_environment(bokko: ServedBokko) -> None:
    found, rest = bokko.connected().shown("billingo", "--profile", "x", "--json", "-h", "")
    folder = found.pop("BOKKO_CONFIG_DIR")
    assert folder == bokko.home["BOKKO_CONFIG_DIR"]
    assert found == {
        "BOKKO_PROFILE": "default",
        "BOKKO_BILLINGO_API_KEY": KEY,
        "BOKKO_BILLINGO_URL": bokko.url,
        "BOKKO_BILLINGO_BLOCK_ID": "40101",
        "BOKKO_BILLINGO_BANK_ACCOUNT_ID": "7001",
        "BOKKO_BILLINGO_CURRENCY": "HUF",
        "BOKKO_BILLINGO_PAYMENT_METHOD": "wire_transfer",
        "BOKKO_BILLINGO_VAT": "27%",
        "BOKKO_BILLINGO_INVOICE_MODE": "draft_review",
    }
    assert rest == ["--profile", "x", "--json", "-h", ""]


@pytest.mark.parametrize(
    ("flag", "word"), [("cash", "cash"), ("card", "bankcard"), ("bank-transfer", "wire_transfer"), ("other", "other")]
)
def test_payment_method_is_billingos_word(bokko: ServedBokko, flag: str, word: str) -> None:
    bokko.connected("--payment-method", flag)
    assert bokko.shown()[0]["BOKKO_BILLINGO_PAYMENT_METHOD"] == word
    assert json.loads(bokko.run("billingo", "export").stdout)["payment_method"] == word


def test_export_is_the_part_of_a_draft_that_the_settings_decide(bokko: ServedBokko) -> None:
    bokko.connected("--bank-account", "7002")
    for arguments in (("export",), ("export", "--json")):
        done = bokko.run("billingo", *arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout) == {
            "type": "draft",
            "block_id": 40101,
            "bank_account_id": 7002,
            "payment_method": "wire_transfer",
            "currency": "EUR",
            "language": "hu",
            "electronic": False,
            "settings": {"should_send_email": False},
        }


def test_export_prints_whatever_the_state_and_ends_as_status_does(bokko: ServedBokko) -> None:
    bokko.connected("--no-invoice-capable")
    done = bokko.run("billingo", "export")
    assert (done.returncode, json.loads(done.stdout)["type"]) == (5, "draft")
    Path(bokko.home["BOKKO_CONFIG_DIR"], "default.secrets.toml").unlink()
    done = bokko.run("billingo", "export")
    assert (done.returncode, json.loads(done.stdout)["block_id"]) == (5, 40101)


def test_nothing_is_exported_without_a_connection(bokko: ServedBokko) -> None:
    done = bokko.run("billingo", "export", "--json")
    assert (done.returncode, json.loads(done.stdout)["error"]["code"]) == (3, "not_connected")


def test_there_is_no_export_where_there_are_no_drafts(bokko: ServedBokko) -> None:
    assert bokko.run("szamlazz", "export").returncode == 2
    assert bokko.run("szamlazz", "rehearse").returncode == 2


def agent(bokko: ServedBokko, *flags: str) -> None:
    """Connect with Számlázz.hu without asking it: what `connect` would have written."""
    folder = Path(bokko.home["BOKKO_CONFIG_DIR"])
    folder.mkdir(exist_ok=True)
    prefix = 'invoice_prefix = "BK"\n' if flags else ""
    account = '[szamlazz.bank_account]\nname = "OTP"\nnumber = "11773016-11111018"\n' if flags else ""
    (folder / "default.secrets.toml").write_text('[szamlazz]\na = "4gent-key-4gent-key"\n', "utf-8")
    (folder / "default.toml").write_text(
        'schema = 1\nactive_provider = "szamlazz"\n[szamlazz]\nconnected_at = 2026-11-22T21:57:40Z\n'
        'verified_at = 2026-11-22T21:57:40Z\nendpoint = "https://www.szamlazz.hu/szamla/"\n'
        'invoice_mode = "draft_review"\ndefault_vat_rate = "0%"\ndefault_payment_method = "bank_transfer"\n'
        f"{prefix}"
        "invoice_capable = true\naccepts_business_clients = true\n"
        f'{account}[szamlazz.api_key]\nstorage = "file"\nslot = "a"\nhint = "-key"\n',
        "utf-8",
    )


def test_program_finds_the_agents_key_and_settings(bokko: ServedBokko) -> None:
    agent(bokko, "whole")
    found, _ = bokko.shown("szamlazz")
    assert {name: value for name, value in found.items() if "SZAMLAZZ" in name} == {
        "BOKKO_SZAMLAZZ_AGENT_KEY": "4gent-key-4gent-key",
        "BOKKO_SZAMLAZZ_URL": "https://www.szamlazz.hu/szamla/",
        "BOKKO_SZAMLAZZ_PREFIX": "BK",
        "BOKKO_SZAMLAZZ_BANK_NAME": "OTP",
        "BOKKO_SZAMLAZZ_BANK_ACCOUNT_NUMBER": "11773016-11111018",
        "BOKKO_SZAMLAZZ_VAT": "0%",
        "BOKKO_SZAMLAZZ_PAYMENT_METHOD": "átutalás",
        "BOKKO_SZAMLAZZ_INVOICE_MODE": "draft_review",
    }


def test_what_is_not_set_is_left_out_also_where_the_caller_had_it(bokko: ServedBokko) -> None:
    agent(bokko)
    unset = ("PREFIX", "BANK_NAME", "BANK_ACCOUNT_NUMBER")
    found, _ = bokko.shown("szamlazz", **{f"BOKKO_SZAMLAZZ_{name}": "old" for name in (*unset, "VAT")})
    assert not [name for name in found if name.endswith(unset)]
    assert found["BOKKO_SZAMLAZZ_VAT"] == "0%"


def test_callers_own_variables_stay_and_the_stored_key_wins(bokko: ServedBokko) -> None:
    bokko.connected()
    done = bokko.run(
        "billingo", "exec", "--", sys.executable, "-c", SHOW, MINE="x", BOKKO_BILLINGO_API_KEY="another-key-of-mine"
    )
    found, _ = json.loads(done.stdout)
    assert (found["MINE"], found["BOKKO_BILLINGO_API_KEY"]) == ("x", KEY)
    assert "BOKKO_BILLINGO_API_KEY is set but not used" in done.stderr


def test_key_of_the_environment_is_handed_on(bokko: ServedBokko) -> None:
    bokko.connected(storage="env", BOKKO_BILLINGO_API_KEY=KEY)
    assert bokko.shown(BOKKO_BILLINGO_API_KEY=KEY)[0]["BOKKO_BILLINGO_API_KEY"] == KEY
    done = bokko.run("billingo", "exec", "--", sys.executable, "-c", "print('started')")
    assert (done.returncode, done.stdout) == (5, "")


def test_key_stands_in_no_argument_file_or_log(bokko: ServedBokko) -> None:
    bokko.connected()
    read = "import pathlib; print(ascii(pathlib.Path('/proc/self/cmdline').read_bytes()))"
    if not Path("/proc/self/cmdline").exists():
        read = "import sys; print(sys.argv)"
    done = bokko.run("billingo", "exec", "--debug", "--", sys.executable, "-c", read)
    assert done.returncode == 0
    assert KEY not in done.stdout + done.stderr
    files = [path for path in Path(bokko.home["HOME"]).rglob("*") if path.is_file()]
    assert {path.name for path in files if KEY in path.read_text("utf-8", "replace")} == {"default.secrets.toml"}


@pytest.mark.parametrize("code", [0, 1, 3, 77, 126, 255])
def test_exit_code_is_the_programs(bokko: ServedBokko, code: int) -> None:
    done = bokko.connected().run("billingo", "exec", "--", sys.executable, "-c", f"raise SystemExit({code})")
    assert (done.returncode, done.stdout, done.stderr) == (code, "", "")


def test_standard_input_is_the_programs(bokko: ServedBokko) -> None:
    program = "import sys; print(sys.stdin.read().upper())"
    done = bokko.connected().run("billingo", "exec", sys.executable, "-c", program, given="line\nline\n")
    assert done.stdout == "LINE\nLINE\n\n"


posix = pytest.mark.skipif(os.name == "nt", reason="a process is not replaced there")


@posix
def test_program_takes_the_process_over(bokko: ServedBokko) -> None:
    bokko.connected()
    program = "import os; print(os.getpid())"
    with subprocess.Popen(
        [*bokko.command, "billingo", "exec", "--", sys.executable, "-c", program],
        env={**bokko.home, "BOKKO_BILLINGO_URL": bokko.url},
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        out, _ = running.communicate(timeout=60)
    assert int(out) == running.pid


@posix
def test_signals_are_as_they_were_before_python_changed_them(bokko: ServedBokko) -> None:
    bokko.connected()
    done = bokko.run("billingo", "exec", "--", "sh", "-c", "kill -PIPE $$; echo survived")
    assert (done.returncode, done.stdout) == (-signal.SIGPIPE, "")
    done = bokko.run("billingo", "exec", "--", "sh", "-c", "kill -TERM $$; echo survived")
    assert (done.returncode, done.stdout) == (-signal.SIGTERM, "")


def test_program_that_is_not_there_ends_as_in_a_shell(bokko: ServedBokko) -> None:
    done = bokko.connected().run("billingo", "exec", "--", "no-such-program-at-all")
    assert (done.returncode, done.stdout) == (127, "")
    assert "no-such-program-at-all" in done.stderr


@posix
@pytest.mark.parametrize(
    ("program", "path"),
    [("no-such-program", f"/bin{os.pathsep}{__file__}"), (f"{__file__}/no-program", "/bin"), ("no-such-program", "")],
)
def test_program_is_not_there_where_what_is_searched_is_no_folder(bokko: ServedBokko, program: str, path: str) -> None:
    done = bokko.connected().run("billingo", "exec", "--", program, PATH=path)
    assert (done.returncode, done.stdout) == (127, "")
    assert f"There is no program {program}." in done.stderr


def test_program_without_a_name_is_not_there(bokko: ServedBokko) -> None:
    done = bokko.connected().run("billingo", "exec", "--", "")
    assert (done.returncode, done.stdout) == (127, "")
    assert "The name of the program is empty." in done.stderr


def script(folder: Path, first_line: str, mode: int = 0o700) -> Path:
    path = folder / "program"
    path.write_text(f"{first_line}\n", "utf-8")
    path.chmod(mode)
    return path


@posix
@pytest.mark.parametrize("named", ["by its path", "in the PATH"])
def test_script_whose_own_program_is_not_there_is_not_said_to_be_missing(
    bokko: ServedBokko, tmp_path: Path, named: str
) -> None:
    path = script(tmp_path, "#!/no/such/interpreter")
    environ = {"PATH": f"{tmp_path}{os.pathsep}/bin"} if named == "in the PATH" else {}
    done = bokko.connected().run("billingo", "exec", "--", path.name if environ else str(path), **environ)
    assert (done.returncode, done.stdout) == (127, "")
    assert "There is no program" not in done.stderr
    assert "#!" in done.stderr


@posix
def test_program_that_may_not_be_run_ends_as_in_a_shell(bokko: ServedBokko, tmp_path: Path) -> None:
    bokko.connected()
    for path in (tmp_path, script(tmp_path, "#!/bin/sh", 0o600)):
        done = bokko.run("billingo", "exec", "--", str(path))
        assert (done.returncode, done.stdout) == (126, "")
        assert f"{path} cannot be started: Permission denied." in done.stderr


@posix
def test_script_without_its_program_is_told_what_to_write(bokko: ServedBokko, tmp_path: Path) -> None:
    path = script(tmp_path, "echo no program named")
    done = bokko.connected().run("billingo", "exec", "--", str(path))
    assert (done.returncode, done.stdout) == (126, "")
    assert str(path) in done.stderr
    assert "#!/bin/sh" in done.stderr


def test_value_that_no_program_can_be_given_is_named(bokko: ServedBokko) -> None:
    agent(bokko, "whole")
    settings = Path(bokko.home["BOKKO_CONFIG_DIR"], "default.toml")
    settings.write_text(settings.read_text("utf-8").replace('"OTP"', '"O\\u0000TP"'), "utf-8")
    done = bokko.run("szamlazz", "exec", "--", sys.executable, "-c", "print('started')")
    assert (done.returncode, done.stdout) == (126, "")
    assert "BOKKO_SZAMLAZZ_BANK_NAME has a NUL" in done.stderr
    assert str(settings) in done.stderr


@posix
def test_letters_that_the_locale_lacks_arrive_all_the_same(bokko: ServedBokko) -> None:
    agent(bokko)
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = bokko.run("szamlazz", "exec", "--", "printenv", "BOKKO_SZAMLAZZ_PAYMENT_METHOD", **ascii_only)
    assert (done.returncode, done.stdout) == (0, "átutalás\n")


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the system does not tell what was there before")
@pytest.mark.parametrize("locale", [{}, {"LC_CTYPE": "C.UTF-8"}, {"LC_CTYPE": "POSIX"}, {"LC_ALL": "C"}])
def test_program_finds_the_callers_locale_and_not_pythons(bokko: ServedBokko, locale: dict[str, str]) -> None:
    bokko.connected()
    home = {name: value for name, value in bokko.home.items() if name != "LANG"}
    done = replace(bokko, home=home).run("billingo", "exec", "--", "env", **locale)
    found = dict(line.split("=", 1) for line in done.stdout.splitlines())
    assert {name: value for name, value in found.items() if name.startswith("LC_")} == locale


@posix
def test_arguments_and_variables_arrive_byte_by_byte(bokko: ServedBokko) -> None:
    bokko.connected()
    environ = {os.fsencode(name): os.fsencode(value) for name, value in bokko.home.items()}
    words = [b"\xff\xfe", b"--", b"--json", b"*", b"a b", b"", b"$(id)", b"%PATH%", b"~"]
    done = subprocess.run(
        [*bokko.command, "billingo", "exec", "--", "sh", "-c", 'printf "%s|" "$MINE" "$@"', "sh", *words],
        env={**environ, b"MINE": b"\xfe\n\xff", b"BOKKO_BILLINGO_URL": bokko.url.encode()},
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert done.stdout == b"|".join([b"\xfe\n\xff", *words, b""])


def test_not_ready_tells_the_warnings_too(bokko: ServedBokko) -> None:
    done = bokko.connected("--no-invoice-capable", "--tax-number", "13421739-1-41").run("billingo", "exec", "--", "env")
    problems = json.loads(bokko.run("billingo", "status", "--json").stdout)["problems"]
    assert {problem["level"] for problem in problems} == {"error", "warning"}
    assert not [problem["message"] for problem in problems if problem["message"] not in done.stderr]


MARK = "from pathlib import Path; Path(r'{}').touch()"


def starting(tmp_path: Path) -> tuple[Path, tuple[str, ...]]:
    """Return a file that a program leaves, and the program."""
    mark = tmp_path / "started"
    return mark, ("exec", "--", sys.executable, "-c", MARK.format(mark))


def test_nothing_is_started_without_a_connection(bokko: ServedBokko, tmp_path: Path) -> None:
    mark, program = starting(tmp_path)
    done = bokko.run("billingo", *program)
    assert (done.returncode, done.stdout, mark.exists()) == (3, "", False)
    assert "not connected" in done.stderr


def test_nothing_is_started_while_something_is_wrong(bokko: ServedBokko, tmp_path: Path) -> None:
    mark, program = starting(tmp_path)
    done = bokko.connected("--no-invoice-capable").run("billingo", *program)
    assert (done.returncode, done.stdout, mark.exists()) == (5, "", False)
    assert "Invoice capable is set to no" in done.stderr


def test_nothing_is_started_for_the_inactive_provider(bokko: ServedBokko, tmp_path: Path) -> None:
    mark, program = starting(tmp_path)
    settings = Path(bokko.connected().home["BOKKO_CONFIG_DIR"], "default.toml")
    text = settings.read_text("utf-8").replace('active_provider = "billingo"', 'active_provider = "szamlazz"')
    settings.write_text(text, "utf-8")
    done = bokko.run("billingo", *program)
    assert (done.returncode, done.stdout, mark.exists()) == (5, "", False)
    assert "bokko billingo activate" in done.stderr


def test_nothing_is_started_with_a_file_that_cannot_be_read(bokko: ServedBokko, tmp_path: Path) -> None:
    mark, program = starting(tmp_path)
    Path(bokko.connected().home["BOKKO_CONFIG_DIR"], "default.toml").write_text("nonsense", "utf-8")
    assert (bokko.run("billingo", *program).returncode, mark.exists()) == (7, False)


def test_nothing_is_started_at_another_address(bokko: ServedBokko, tmp_path: Path) -> None:
    mark, program = starting(tmp_path)
    done = bokko.connected().run("billingo", *program, BOKKO_BILLINGO_URL="https://elsewhere.example/v3")
    assert (done.returncode, mark.exists()) == (2, False)


@pytest.mark.parametrize("before", [("--sandbox", "billingo"), ("billingo", "--sandbox")])
def test_nothing_is_started_in_the_sandbox(bokko: ServedBokko, tmp_path: Path, before: tuple[str, ...]) -> None:
    mark, program = starting(tmp_path)
    done = bokko.run(*before, *program)
    assert (done.returncode, mark.exists()) == (2, False)
    assert "bokko sandbox" in done.stderr


def test_program_must_be_named(bokko: ServedBokko) -> None:
    assert bokko.connected().run("billingo", "exec").returncode == 2
