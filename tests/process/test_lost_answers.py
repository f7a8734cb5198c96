"""A document that does not arrive is missed: the exit code says so, and what was saved is told as saved."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="descriptors as POSIX has them")

FULL = Path("/dev/full")
PIECES = ("--block", "WEB", "--bank-account", "7001")
CONNECT = ("connect", "--api-key-stdin", *PIECES, "--json")
SAVING = (
    CONNECT,
    ("configure", "--vat", "0", "--yes", "--json"),
    ("activate", "--json"),
    ("rehearse", "--yes", "--json"),
    ("disconnect", "--yes", "--json"),
)
WAYS = (
    pytest.param('exec "$@" >/dev/full', "No space left on device", id="full"),
    pytest.param('exec "$@" >&-', "the stream is closed", id="closed"),
)
needs_full = pytest.mark.skipif(not FULL.exists(), reason="there is no full device here")


def run(home: dict[str, str], arguments: Sequence[str], shell: str = 'exec "$@"') -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bokko_cli", "--sandbox", "billingo", *arguments]
    return subprocess.run(
        ["sh", "-c", shell, "sh", *command], env=home, input="sandbox-ready\n", capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


def document(home: dict[str, str]) -> dict[str, object]:
    found: dict[str, object] = json.loads(run(home, ["status", "--json"]).stdout)
    return found


@needs_full
@pytest.mark.parametrize(("shell", "reason"), WAYS)
def test_change_whose_document_is_lost_stays_and_is_told_as_saved(
    home: dict[str, str], shell: str, reason: str
) -> None:
    for arguments in SAVING:
        ran = run(home, arguments, shell)
        assert ran.returncode == 1, arguments
        assert ran.stderr.splitlines()[-2:] == [
            f"Error: All changes are saved, but the answer could not be written: {reason}.",
            "→ Free some space, then look with bokko --sandbox billingo status",
        ]
        kept = document(home)
        match arguments[0]:
            case "connect":
                assert kept["state"] == "ready"
            case "configure":
                assert kept["default_vat_rate"] == "0%"
            case "rehearse":
                assert kept["rehearsal"]
            case "disconnect":
                assert kept["state"] == "not_connected"


@needs_full
@pytest.mark.parametrize(("shell", "reason"), WAYS)
@pytest.mark.parametrize("arguments", [(*CONNECT, "--dry-run"), (*CONNECT[:-1], "--dry-run")], ids=["json", "panel"])
def test_dry_run_whose_answer_is_lost_says_of_nothing_that_it_is_saved(
    home: dict[str, str], arguments: tuple[str, ...], shell: str, reason: str
) -> None:
    ran = run(home, arguments, shell)
    assert ran.returncode == 1
    assert f"Error: The output could not be written: {reason}." in ran.stderr
    assert "are saved" not in ran.stderr
    assert document(home)["state"] == "not_connected"


@needs_full
@pytest.mark.parametrize(("shell", "reason"), WAYS)
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("configure", "--json"), 3),
        (("blocks", "--json"), 3),
        (("export", "--json"), 3),
        (("rehearse", "--yes", "--json"), 3),
        (("connect", "--api-key-stdin", "--vat", "5", "--json"), 2),
        (("activate", "--json"), 3),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else str(value),
)
def test_failure_whose_document_is_lost_is_told_in_lines_and_keeps_its_exit_code(
    home: dict[str, str], arguments: tuple[str, ...], code: int, shell: str, reason: str
) -> None:
    told = json.loads(run(home, arguments).stdout)["error"]
    ran = run(home, arguments, shell)
    assert ran.returncode == code
    assert f"Error: {told['message']}" in ran.stderr
    assert f"Warning: The output could not be written: {reason}." in ran.stderr
    assert "Traceback" not in ran.stderr


@needs_full
@pytest.mark.parametrize(("shell", "reason"), WAYS)
def test_panel_of_what_was_saved_is_warned_of_where_it_is_lost(home: dict[str, str], shell: str, reason: str) -> None:
    ran = run(home, CONNECT[:-1], shell)
    assert ran.returncode == 0
    assert f"Warning: All changes are saved, but the answer could not be written: {reason}." in ran.stderr
    assert document(home)["state"] == "ready"


@pytest.mark.parametrize("arguments", SAVING, ids=lambda arguments: arguments[0])
def test_reader_that_left_before_the_document_is_borne_in_silence(
    home: dict[str, str], arguments: tuple[str, ...]
) -> None:
    if arguments is not CONNECT:
        assert run(home, CONNECT).returncode == 0
    ran = run(home, arguments, '{ "$@"; echo "ended with $?" >&2; } | true')
    assert "ended with 0" in ran.stderr
    assert "could not be written" not in ran.stderr


@needs_full
@pytest.mark.parametrize(("shell", "reason"), WAYS)
def test_answer_that_changes_nothing_is_a_failure_where_it_is_lost(
    home: dict[str, str], shell: str, reason: str
) -> None:
    assert run(home, CONNECT).returncode == 0
    for line in ("export", "export --json", "blocks", "accounts --json", "status", "status --all-profiles", "--help"):
        ran = run(home, line.split(), shell)
        assert ran.returncode == 1, line
        assert f"Error: The output could not be written: {reason}." in ran.stderr
        assert "Traceback" not in ran.stderr
