"""`blocks` and `accounts`: what can be picked, with the key of the environment or the stored one."""

from pathlib import Path

import pytest

from bokko_cli.errors import EndpointRefused, ExitCode, InvalidValue, KeyMissing, KeyRejected, NotConnected, Unreachable
from tests.fakes import KEY, World


def test_blocks_and_accounts_are_rows_of_the_contract(world: World) -> None:
    world.connected()
    assert world.list("document_block") == ExitCode.DONE
    assert world.list("bank_account") == ExitCode.DONE
    assert [list(rows) for rows in world.output.rows] == [
        [{"id": 40101, "name": "Webshop", "prefix": "WEB"}, {"id": 40102, "name": "Bolt", "prefix": "B"}],
        [
            {"id": 7001, "name": "OTP HUF", "number": "11773016-11111018-00000000", "currency": "HUF"},
            {"id": 7002, "name": "Erste EUR", "number": "11600006-00000000-12345676", "currency": "EUR"},
        ],
    ]


def test_variable_works_without_a_connection(world: World) -> None:
    world.environ = {"BOKKO_BILLINGO_API_KEY": KEY}
    assert world.list("document_block") == ExitCode.DONE
    assert world.output.told == ["Using the key from BOKKO_BILLINGO_API_KEY."]


@pytest.mark.parametrize("settings", ["", "not TOML", "schema = 1\n[billingo]\nendpoint = 5\n"])
def test_key_of_a_flag_works_whatever_the_settings_are(world: World, tmp_path: Path, settings: str) -> None:
    world.folder.mkdir()
    world.settings.write_text(settings)
    (tmp_path / "key").write_text(f"{KEY}\n")
    world.standard_input = KEY
    world.environ = {"BOKKO_BILLINGO_API_KEY": "another"}
    assert world.list("document_block", from_stdin=True) == ExitCode.DONE
    assert world.list("bank_account", file=str(tmp_path / "key")) == ExitCode.DONE
    assert world.output.told == [
        "Using the key from standard input.", f"Using the key from the file {tmp_path / 'key'}.",
    ]  # fmt: skip
    assert [len(rows) for rows in world.output.rows] == [2, 2]


def test_source_of_a_key_is_not_told_where_there_is_only_one(world: World) -> None:
    world.standard_input = KEY
    assert world.list("document_block", from_stdin=True) == ExitCode.DONE
    assert world.output.told == []


def test_key_of_a_flag_comes_before_the_stored_key(world: World) -> None:
    world.connected()
    world.standard_input = "another"
    with pytest.raises(KeyRejected):
        world.list("document_block", from_stdin=True)


def test_key_cannot_be_given_by_both_flags(world: World, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="cannot be used together"):
        world.list("document_block", from_stdin=True, file=str(tmp_path / "key"))


def test_variable_comes_before_the_stored_key(world: World) -> None:
    world.connected()
    world.environ = {"BOKKO_BILLINGO_API_KEY": "another"}
    with pytest.raises(KeyRejected):
        world.list("document_block")
    assert world.provider.opened == [("https://api.billingo.hu/v3", "another")]


def test_neither_key_is_not_connected(world: World) -> None:
    with pytest.raises(NotConnected, match="no key was given"):
        world.list("bank_account")


def test_stored_key_that_is_gone_is_missing(world: World) -> None:
    world.connected()
    world.secrets["keyring"].kept.clear()
    with pytest.raises(KeyMissing):
        world.list("bank_account")


def test_stored_key_stays_at_its_endpoint(world: World) -> None:
    world.connected()
    world.environ = {"BOKKO_BILLINGO_URL": "https://elsewhere.example"}
    with pytest.raises(EndpointRefused):
        world.list("bank_account")
    assert world.provider.opened == []


def test_empty_list_says_where_to_make_one(world: World) -> None:
    world.connected()
    world.provider.choices["bank_account"] = ()
    assert world.list("bank_account") == ExitCode.DONE
    assert world.output.told[-1] == (
        "Add a bank account in Billingo (Bankszámlaszámok → Bankszámlaszám hozzáadás, "
        "https://app.billingo.hu/n/bank-account/list), then try again."
    )


def test_list_that_cannot_be_read_is_an_error(world: World) -> None:
    world.connected()
    world.provider.failing = {"bank_account": Unreachable("down")}
    with pytest.raises(Unreachable):
        world.list("bank_account")
    assert world.list("document_block") == ExitCode.DONE


def test_no_key_goes_where_an_edited_file_points_without_https(world: World) -> None:
    world.connected()
    world.settings.write_text(world.settings.read_text().replace("https://api.billingo.hu", "http://api.billingo.hu"))
    world.environ = {"BOKKO_BILLINGO_API_KEY": KEY}
    with pytest.raises(EndpointRefused, match="The stored endpoint"):
        world.list("document_block")
    assert world.provider.opened == []
