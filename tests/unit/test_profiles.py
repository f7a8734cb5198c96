"""Many profiles: the list of them, one provider in all of them, and a profile that does not exist."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bokko_cli.commands.all_profiles import worst_code
from bokko_cli.errors import ExitCode, SettingsUnreadable
from bokko_cli.model.values import Status, Unread
from tests.unit.conftest import CommandLine

CONNECT = ("billingo", "connect", "--api-key-stdin", "--block", "40101", "--bank-account", "7001", "--no-input")


@pytest.fixture
def sandbox(bokko: CommandLine) -> CommandLine:
    """Connect three profiles: one ready, one with Számlázz.hu active too, one that is not invoice capable."""
    for profile, more in (("default", ""), ("bolt", ""), ("shop", "--no-invoice-capable")):
        ran = bokko("--sandbox", "--profile", profile, *CONNECT, *more.split(), given="sandbox-ready")
        assert ran.code == ExitCode.DONE
    words = "--sandbox --profile bolt szamlazz connect --api-key-stdin --yes"
    assert bokko(*words.split(), given="sandbox-ready").code == ExitCode.DONE
    return bokko


def folder_of(sandbox: CommandLine) -> Path:
    return sandbox.folder / "sandbox"


def listed(sandbox: CommandLine, *words: str) -> tuple[int, Any]:
    ran = sandbox("--sandbox", *words, "--json")
    return ran.code, json.loads(ran.out)


def test_without_any_profile_the_list_is_empty(bokko: CommandLine) -> None:
    assert bokko("profiles", "--json").out == "[]\n"
    ran = bokko("profiles")
    assert (ran.code, ran.out) == (0, "")


def test_profiles_are_listed_by_what_their_settings_alone_say(sandbox: CommandLine) -> None:
    for secrets in folder_of(sandbox).glob("*.secrets.toml"):
        secrets.unlink()
    code, rows = listed(sandbox, "profiles")
    assert code == ExitCode.DONE
    assert rows == [
        {
            "profile": name,
            "active_provider": active,
            "providers": {"billingo": billingo, "szamlazz": szamlazz},
            "settings_file": str(folder_of(sandbox) / f"{name}.toml"),
        }
        for name, active, billingo, szamlazz in (
            ("default", "billingo", "ready", "not_connected"),
            ("bolt", "szamlazz", "inactive", "ready"),
            ("shop", "billingo", "attention", "not_connected"),
        )
    ]


def test_profiles_in_a_pipe_are_lines_with_tabs(sandbox: CommandLine) -> None:
    lines = sandbox("--sandbox", "profiles").out.splitlines()
    assert lines[1] == f"bolt\tszamlazz\tbillingo=inactive,szamlazz=ready\t{folder_of(sandbox) / 'bolt.toml'}"


@pytest.mark.parametrize(
    "text", ["not toml", 'active_provider = "billingo"\n[billingo]\n', "schema = 99\n"], ids=["text", "table", "newer"]
)
def test_profile_that_cannot_be_read_is_a_row_with_an_error(sandbox: CommandLine, text: str) -> None:
    (folder_of(sandbox) / "bolt.toml").write_text(text, "utf-8")
    code, (default, bolt, shop) = listed(sandbox, "profiles")
    assert code == ExitCode.DONE
    assert (default["profile"], shop["profile"]) == ("default", "shop")
    assert bolt["error"]["code"] == "settings_unreadable"
    assert bolt["providers"] is None
    ran = sandbox("--sandbox", "profiles")
    assert ran.out.count("\n") == 3
    assert "bolt.toml" in ran.err


def test_every_profile_with_the_provider_has_its_status_document(sandbox: CommandLine) -> None:
    code, rows = listed(sandbox, "billingo", "status", "--all-profiles")
    assert [(row["profile"], row["state"]) for row in rows] == [
        ("default", "ready"), ("bolt", "inactive"), ("shop", "attention"),
    ]  # fmt: skip
    assert code == ExitCode.NOT_READY
    _, alone = listed(sandbox, "--profile", "shop", "billingo", "status")
    assert rows[2] == alone


def test_profiles_without_the_provider_are_left_out(sandbox: CommandLine) -> None:
    code, rows = listed(sandbox, "szamlazz", "status", "--all-profiles")
    assert [row["profile"] for row in rows] == ["bolt"]
    assert code == ExitCode.DONE


def test_without_any_connection_the_list_is_empty_and_that_is_not_connected(bokko: CommandLine) -> None:
    ran = bokko("billingo", "status", "--all-profiles", "--json")
    assert (ran.code, ran.out) == (ExitCode.NOT_CONNECTED, "[]\n")
    ran = bokko("billingo", "status", "--all-profiles")
    assert (ran.code, ran.out) == (ExitCode.NOT_CONNECTED, "")
    assert "Billingo is not connected in any profile. Connect it: bokko billingo connect" in ran.err


def test_all_profiles_are_asked_live(sandbox: CommandLine) -> None:
    code, rows = listed(sandbox, "billingo", "status", "--all-profiles", "--check")
    assert [row["profile"] for row in rows] == ["default", "bolt", "shop"]
    assert all(row["checked_at"] for row in rows)
    assert code == ExitCode.NOT_READY


@pytest.mark.parametrize("flags", [(), ("--check",)], ids=["offline", "live"])
def test_broken_file_hides_nobody_and_is_the_worst(sandbox: CommandLine, flags: tuple[str, ...]) -> None:
    (folder_of(sandbox) / "bolt.toml").write_text("not toml", "utf-8")
    code, (default, bolt, shop) = listed(sandbox, "billingo", "status", "--all-profiles", *flags)
    assert code == ExitCode.STORAGE
    assert bolt["error"]["code"] == "settings_unreadable"
    assert {*bolt} == {"schema", "profile", "error"}
    assert (default["state"], shop["state"]) == ("ready", "attention")


def test_people_get_a_row_for_each_profile(sandbox: CommandLine) -> None:
    (folder_of(sandbox) / "zoo.toml").write_text("not toml", "utf-8")
    ran = sandbox("--sandbox", "billingo", "status", "--all-profiles")
    rows = [line.split("\t") for line in ran.out.splitlines()]
    assert [row[:2] for row in rows] == [
        ["default", "ready"], ["bolt", "inactive"], ["shop", "needs attention"], ["zoo", "not known"],
    ]  # fmt: skip
    assert "Webshop" in rows[0][2]
    assert "OTP HUF" in rows[0][3]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", rows[0][4])
    assert rows[0][5] == ""
    assert "not invoice capable" in rows[2][5]
    assert "zoo.toml" in ran.err


def test_warning_that_holds_for_all_is_said_once(sandbox: CommandLine) -> None:
    words = ("--sandbox", "billingo", "status", "--all-profiles", "--check")
    ran = sandbox(*words, BOKKO_BILLINGO_API_KEY="sandbox-busy")
    assert ran.err.count("BOKKO_BILLINGO_API_KEY") == 1


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ([0], 0),
        ([0, 6], 6),
        ([6, 5], 5),
        ([5, 4, 6], 4),
        ([4, 7], 7),
        ([], 3),
        ([2], 2),
        ([0, 2], 2),
    ],
)
def test_worst_exit_code_counts(codes: list[int], expected: int) -> None:
    class Ended(SettingsUnreadable):
        """An error with an exit code at will."""

    seen: list[Status | Unread] = []
    for code in codes:
        if code == ExitCode.DONE:
            seen.append(Status("billingo", "x", "billingo", None, "ready"))
            continue
        error = Ended("So.")
        error.exit_code = ExitCode(code)
        seen.append(Unread("x", error, Path("x.toml")))
    assert worst_code(seen) == expected


NEEDING = ["configure --vat 27", "activate", "blocks", "accounts"]


@pytest.mark.parametrize("words", NEEDING)
def test_profile_that_does_not_exist_is_named_with_those_that_do(sandbox: CommandLine, words: str) -> None:
    ran = sandbox("--sandbox", "--profile", "shopp", "billingo", *words.split())
    assert ran.code == ExitCode.NOT_CONNECTED
    assert "There is no profile shopp. The profiles are: default, bolt, shop." in ran.err
    assert "bokko --sandbox --profile shopp billingo connect" in ran.err


def test_status_of_a_profile_that_does_not_exist_says_so_beside_its_document(sandbox: CommandLine) -> None:
    ran = sandbox("--sandbox", "billingo", "status", "--json", BOKKO_PROFILE="shopp")
    assert ran.code == ExitCode.NOT_CONNECTED
    assert json.loads(ran.out)["state"] == "not_connected"
    assert "There is no profile shopp." in ran.err


@pytest.mark.parametrize("words", ["configure --vat 27", "activate", "status"])
def test_profile_that_exists_without_the_provider_is_not_called_missing(sandbox: CommandLine, words: str) -> None:
    ran = sandbox("--sandbox", "--profile", "shop", "szamlazz", *words.split())
    assert ran.code == ExitCode.NOT_CONNECTED
    assert "no profile" not in ran.err
