"""A key among the arguments is answered with the ways to give one, and repeated nowhere."""

import json
from pathlib import Path

import pytest

from tests.unit.conftest import CommandLine

UUID = "123e4567-e89b-12d3-a456-426614174000"
AGENT_KEY = "0123456789abcdefghijklmnopqrstuvwxyzabcdef"
KEYS = (UUID, UUID.upper(), AGENT_KEY, f'"{UUID} "', f"\u200b{AGENT_KEY}\ufeff", "sandbox-ready")
PLACES = (
    "{}",
    "help {}",
    "doctor {}",
    "billingo {}",
    "billingo login {}",
    "billingo status {}",
    "billingo connect {}",
    "billingo connect --api-key {}",
    "billingo connect --api-key-stdin {}",
    "billingo connect --api-key-stdin={}",
    "billingo connect --api-key-file {}",
    "billingo connect --key-storage {}",
    "billingo --api-key {} connect",
    "--install-completion {}",
    "sandbox --port {}",
    "--profile exec billingo status {}",
    "billingo connect --block exec {}",
)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("place", PLACES)
def test_key_as_an_argument_is_told_the_ways_and_not_repeated(bokko: CommandLine, place: str, key: str) -> None:
    ran = bokko(*(word.format(key) for word in place.split()))
    assert (ran.code, ran.out) == (2, "")
    assert "--api-key-stdin" in ran.err
    assert "BOKKO_BILLINGO_API_KEY" in ran.err
    assert key.strip('\u200b\ufeff" ') not in ran.err


@pytest.mark.parametrize("key", KEYS[:-1])
@pytest.mark.parametrize("flag", ["--vat", "--block", "--payment-method", "--key-storage", "--tax-number"])
@pytest.mark.parametrize("form", ["{0}={1}", "{0} {1}", "{0} id:{1}"])
def test_key_as_a_value_is_not_repeated_in_json_or_the_log(bokko: CommandLine, flag: str, form: str, key: str) -> None:
    ran = bokko("--debug", "billingo", "connect", "--json", *(word.format(flag, key) for word in form.split(" ")))
    assert ran.code == 2
    assert json.loads(ran.out)["error"]["code"] == "invalid_value"
    assert "--api-key-file" in json.loads(ran.out)["error"]["fix"]
    assert key.strip('\u200b\ufeff" ').lower() not in (ran.out + ran.err).lower()


def test_ways_name_the_variable_of_the_provider_that_was_named(bokko: CommandLine) -> None:
    said = bokko("szamlazz", "connect", AGENT_KEY).err
    assert "(BOKKO_SZAMLAZZ_AGENT_KEY)" in said
    assert "BOKKO_BILLINGO_API_KEY" not in said


def test_key_file_that_is_named_like_a_key_is_read(
    bokko: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / UUID).write_text("sandbox-invalid\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    ran = bokko("--sandbox", "billingo", "connect", "--api-key-file", UUID, "--no-input", "--bank-account", "7001")
    assert ran.code == 4


@pytest.mark.parametrize(
    "words",
    [
        ("--profile", "sandbox-shop", "billingo", "status"),
        ("--profile=sandbox-shop", "billingo", "status"),
        ("billingo", "exec", "--", "program", UUID),
        ("billingo", "exec", "program", "--token", AGENT_KEY),
    ],
)
def test_profile_may_be_called_like_the_sandbox_and_a_programs_arguments_are_its_own(
    bokko: CommandLine, words: tuple[str, ...]
) -> None:
    assert bokko(*words).code == 3


@pytest.mark.parametrize("value", ["sandbox-series", "HU42117730161111101800000000", "x" * 42 + "1", "Webshop 2026"])
def test_what_a_block_may_be_called_or_an_account_numbered_is_no_key(bokko: CommandLine, value: str) -> None:
    ran = bokko("--sandbox", "billingo", "connect", "--api-key-stdin", "--block", value, given="sandbox-ready\n")
    assert "looks like a key" not in ran.err
    assert "--block" in ran.err
