"""`--debug` of a whole command: what was asked, read and written, and never the key."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fake_billingo import FakeBillingo, error_answer
from tests.process.test_too_few_threads import CONNECT
from tests.servers import Server

KEY = "63faa428-9044-11ea-8ed0-0242ac120005"
STORED = """
[billingo]
a = "{key}"
"""


def bokko(home: dict[str, str], *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bokko_cli", *arguments],
        env=home, input=given, capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip


@pytest.mark.parametrize("odd", ["{key} ", "{key}\\n", "{key}\\r\\nX: 1", "{key}é", "\\uFEFF{key}", "{key}\\u0000"])
def test_odd_key_in_a_store_is_never_shown(home: dict[str, str], odd: str) -> None:
    with Server(FakeBillingo(key=KEY).answer) as server:
        environ = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3", "BOKKO_CONFIG_DIR": f"{home['HOME']}/settings"}
        assert bokko(environ, *CONNECT, given=KEY).returncode == 0
        (Path(environ["BOKKO_CONFIG_DIR"]) / "default.secrets.toml").write_text(
            STORED.replace("{key}", odd.replace("{key}", KEY)), "utf-8"
        )
        for arguments in (("blocks",), ("status", "--check")):
            ended = bokko(environ, "--debug", "billingo", *arguments)
            assert KEY not in ended.stdout + ended.stderr
            assert "Traceback" not in ended.stderr
            assert ended.returncode != 1


def test_expected_error_is_its_line_and_the_log(home: dict[str, str]) -> None:
    with Server(FakeBillingo(override={"/organization": error_answer(401, "no")}).answer) as server:
        environ = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3", "HTTPS_PROXY": f"http://{KEY}@proxy:1"}
        ended = bokko(environ, "--debug", *CONNECT, given=KEY)
    assert ended.returncode == 4
    assert "Traceback" not in ended.stderr
    first, *_ = ended.stderr.splitlines()
    assert "bokko.run: bokko " in first
    for told in ("Python ", "httpx ", "keyring ", "settings: ", "HTTPS_PROXY", "/v3/organization: 401 in "):
        assert told in ended.stderr
    assert "ends with KeyRejected (key_rejected), exit code 4" in ended.stderr
    assert "Billingo refused this key." in ended.stderr
    assert KEY not in ended.stderr


def test_files_that_are_read_and_written_are_logged(home: dict[str, str]) -> None:
    folder = f"{home['HOME']}/settings"
    with Server(FakeBillingo(key=KEY).answer) as server:
        environ = {**home, "BOKKO_BILLINGO_URL": f"{server.url}/v3", "BOKKO_CONFIG_DIR": folder}
        connected = bokko(environ, "--debug", *CONNECT, given=KEY)
        read = bokko(environ, "--debug", "billingo", "status")
    assert f"file {folder}/default.toml replaced by " in connected.stderr
    assert f"file {folder}/default.secrets.toml replaced by " in connected.stderr
    assert f"file {folder}/default.toml read" in read.stderr
    assert KEY not in connected.stderr + read.stderr


@pytest.mark.parametrize("debug", [(), ("--debug",)])
def test_what_nobody_foresaw_shows_frames_and_not_its_words(
    home: dict[str, str], tmp_path: Path, debug: tuple[str, ...]
) -> None:
    program = tmp_path / "crashing.py"
    program.write_text(
        "import sys\nfrom bokko_cli.cli.run import Globals, Run\nfrom bokko_cli.cli.ending import end\n"
        "import threading\n"
        f"def lost():\n    int('{KEY}')\n"
        "def command(_):\n"
        "    thread = threading.Thread(target=lost)\n    thread.start()\n    thread.join()\n"
        f"    try:\n        int('{KEY}')\n    except ValueError as error:\n        raise KeyError('{KEY}') from error\n"
        "end(Run(Globals(debug='--debug' in sys.argv)), command)\n",
        "utf-8",
    )
    ended = subprocess.run(
        [sys.executable, os.fspath(program), *debug],
        env=home, capture_output=True, encoding="utf-8", check=False, timeout=60,
    )  # fmt: skip
    assert KEY not in ended.stderr + ended.stdout
    assert "Unexpected error: KeyError." in ended.stderr
    assert ended.stderr.count("Traceback (most recent call last):") == (3 if debug else 0)
    assert ended.returncode == 1


LOSSES = {
    "a clean-up": f"class Held:\n    def __del__(self):\n        raise ValueError('{KEY}')\ndef lose():\n    Held()\n",
    "an end": f"import atexit\ndef fail():\n    raise ValueError('{KEY}')\ndef lose():\n    atexit.register(fail)\n",
    "a log line": "import logging\nclass Odd:\n    def __str__(self):\n"
    f"        raise ValueError('{KEY}')\ndef lose():\n    logging.getLogger('bokko').debug('%s', Odd())\n",
    "a log line's fields": f"import logging\ndef lose():\n    logging.getLogger('bokko').debug('%d', '{KEY}')\n",
}


@pytest.mark.parametrize("debug", [(), ("--debug",)])
@pytest.mark.parametrize("options", [(), ("-X", "dev")])
@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_what_python_itself_would_report_shows_no_words(
    home: dict[str, str], tmp_path: Path, loss: str, options: tuple[str, ...], debug: tuple[str, ...]
) -> None:
    program = tmp_path / "losing.py"
    program.write_text(
        "import sys\nfrom bokko_cli.cli.run import Globals, Run\nfrom bokko_cli.cli.ending import end\n"
        f"from bokko_cli.errors import ExitCode\n{loss}"
        "def command(_):\n    lose()\n    return ExitCode.DONE\n"
        "end(Run(Globals(debug='--debug' in sys.argv)), command)\n",
        "utf-8",
    )
    argv = [sys.executable, *options, os.fspath(program), *debug]
    ended = subprocess.run(argv, env=home, capture_output=True, encoding="utf-8", check=False, timeout=60)
    assert KEY not in ended.stderr + ended.stdout
    assert "Traceback" not in ended.stderr or debug


@pytest.mark.parametrize("debug", [(), ("--debug",)])
def test_report_of_a_crash_that_crashes_shows_no_words(
    home: dict[str, str], tmp_path: Path, debug: tuple[str, ...]
) -> None:
    program = tmp_path / "crashing_twice.py"
    program.write_text(
        "import sys\nfrom bokko_cli.cli.run import Globals, Run\nfrom bokko_cli.cli.ending import end\n"
        "class Odd(sys.stderr.__class__):\n"
        f"    def fileno(self):\n        raise LookupError('{KEY}')\n"
        f"    def isatty(self):\n        raise LookupError('{KEY}')\n"
        "def command(_):\n"
        "    sys.stderr = Odd(sys.stderr.detach(), write_through=True)\n"
        f"    int('{KEY}')\n"
        "end(Run(Globals(debug='--debug' in sys.argv)), command)\n",
        "utf-8",
    )
    argv = [sys.executable, os.fspath(program), *debug]
    ended = subprocess.run(argv, env=home, capture_output=True, encoding="utf-8", check=False, timeout=60)
    assert KEY not in ended.stderr + ended.stdout
    assert "Unexpected error: ValueError, then LookupError." in ended.stderr
    assert ended.returncode == 1
