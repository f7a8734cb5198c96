"""Where the key of a `connect` comes from and goes to, and what happens to one that is refused."""

import tomllib
from pathlib import Path

import pytest

from bokko_cli.commands.connect import Options
from bokko_cli.errors import (
    EndpointRefused,
    ExitCode,
    InvalidValue,
    KeyMalformed,
    KeyRejected,
    KeyringLocked,
)
from tests.fakes import CHOSEN, KEY, World
from tests.unit.connecting import BY_STDIN, QUESTIONS, YES

pytestmark = pytest.mark.usefixtures("each_way_of_asking")


def test_rejected_key_is_not_stored_and_a_right_one_after_it_is(world: World) -> None:
    assert world.connect(("API key", "wrong-key"), ("API key", KEY), *QUESTIONS, YES) == ExitCode.DONE
    assert world.secrets["keyring"].kept == {"a": KEY}
    assert "Error: Billingo refused this key." in world.said()
    assert world.said().count("Create a key at") == 1


def test_third_refusal_ends_the_command(world: World) -> None:
    with pytest.raises(KeyRejected):
        world.connect(("API key", "wrong-1"), ("API key", "wrong-2"), ("API key", "wrong-3"))
    assert not world.settings.exists()


def test_malformed_keys_are_asked_again_and_cost_no_try(world: World) -> None:
    malformed = [("API key", text) for text in ("", "two words", "é" * 36, "x" * 600, "a\x07b")]
    script = (*malformed, ("API key", "wrong-1"), ("API key", "wrong-2"), ("API key", KEY), *QUESTIONS, YES)
    assert world.connect(*script) == ExitCode.DONE
    assert [key for _, key in world.provider.opened] == ["wrong-1", "wrong-2", KEY]


def test_key_storage_file_keeps_the_key_there_and_warns(world: World) -> None:
    world.standard_input = KEY
    assert world.connect(options=Options(CHOSEN, api_key_stdin=True, key_storage="file")) == ExitCode.DONE
    assert world.secrets["file"].kept == {"a": KEY}
    assert world.secrets["keyring"].kept == {}
    assert any("plain text" in line for line in world.output.told)


def test_key_that_the_variable_does_not_hold_is_refused_before_any_setting_is_asked(
    world: World, tmp_path: Path
) -> None:
    world.environ["BOKKO_BILLINGO_API_KEY"] = "another-key"
    (tmp_path / "key").write_text(KEY, "utf-8")
    with pytest.raises(InvalidValue, match="must hold the key that was verified"):
        world.connect(options=Options({}, api_key_file=str(tmp_path / "key"), key_storage="env"))


def test_key_storage_env_keeps_nothing_and_needs_the_variable(world: World) -> None:
    options = Options(CHOSEN, api_key_stdin=True, key_storage="env")
    world.standard_input = KEY
    with pytest.raises(InvalidValue, match="needs BOKKO_BILLINGO_API_KEY to be set"):
        world.connect(options=options)
    world.environ["BOKKO_BILLINGO_API_KEY"] = "another-key"
    with pytest.raises(InvalidValue, match="must hold the key that was verified"):
        world.connect(options=options)
    assert not world.settings.exists()
    world.environ["BOKKO_BILLINGO_API_KEY"] = KEY
    assert world.connect(options=options) == ExitCode.DONE
    assert world.secrets["keyring"].kept == world.secrets["file"].kept == {}
    assert tomllib.loads(world.settings.read_text("utf-8"))["billingo"]["api_key"] == {"storage": "env", "hint": "0002"}


def test_unknown_key_storage_is_refused(world: World) -> None:
    with pytest.raises(InvalidValue, match="must be one of: keyring, file, env"):
        world.connect(options=Options({}, key_storage="cloud"))


def test_locked_keyring_is_found_out_before_the_key_is_asked_for(world: World) -> None:
    world.secrets["keyring"].failure = KeyringLocked("locked")
    with pytest.raises(KeyringLocked):  # and not MissingInput
        world.connect()
    assert world.provider.opened == []


def test_flags_come_before_the_variable_which_comes_before_the_prompt(world: World, tmp_path: Path) -> None:
    world.environ["BOKKO_BILLINGO_API_KEY"] = KEY
    world.standard_input = "from-standard-input"
    file = tmp_path / "key"
    file.write_text("from-the-file\nsecond line\n")
    for options in (Options(CHOSEN, api_key_stdin=True), Options(CHOSEN, api_key_file=str(file))):
        with pytest.raises(KeyRejected):
            world.connect(options=options)
    assert world.connect(options=Options(CHOSEN)) == ExitCode.DONE
    assert [key for _, key in world.provider.opened] == ["from-standard-input", "from-the-file", KEY]
    assert [line for line in world.output.told if line.startswith("Using")] == [
        "Using the key from standard input.",
        f"Using the key from the file {file}.",
        "Using the key from BOKKO_BILLINGO_API_KEY.",
    ]


def test_both_key_flags_at_once_are_refused(world: World) -> None:
    with pytest.raises(InvalidValue, match="cannot be used together"):
        world.connect(options=Options({}, api_key_stdin=True, api_key_file="x"))


def test_key_as_an_argument_is_answered_with_the_three_ways(world: World) -> None:
    with pytest.raises(InvalidValue, match="--api-key does not exist") as caught:
        world.connect(options=Options({}, api_key=KEY))
    assert KEY not in str(caught.value)
    for way in ("--api-key-stdin", "--api-key-file PATH", "BOKKO_BILLINGO_API_KEY"):
        assert way in caught.value.fix


@pytest.mark.parametrize("text", ["", "\n", "  ", "\ufeff", "''", "\u200b"])
def test_empty_standard_input_is_a_wrong_value(world: World, text: str) -> None:
    world.standard_input = text
    with pytest.raises(KeyMalformed, match="From standard input: The key is empty") as caught:
        world.connect(options=BY_STDIN)
    assert caught.value.exit_code == ExitCode.USAGE


@pytest.mark.parametrize("name", ["missing", "folder", "nul\0"])
def test_unreadable_key_file_is_a_wrong_value(world: World, tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InvalidValue, match="cannot be read") as caught:
        world.connect(options=Options({}, api_key_file=str(tmp_path / name) if name != "" else ""))
    assert caught.value.exit_code == ExitCode.USAGE


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_key_file_may_come_from_any_editor(world: World, tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "key"
    file.write_bytes(f"{KEY}\r\nsecond".encode(encoding))
    assert world.connect(options=Options(CHOSEN, api_key_file=str(file))) == ExitCode.DONE
    assert world.secrets["keyring"].kept == {"a": KEY}


def test_sandbox_key_is_never_sent_beyond_this_machine(world: World) -> None:
    world.standard_input = "sandbox-ready"
    with pytest.raises(EndpointRefused) as caught:
        world.connect(options=BY_STDIN)
    assert "--sandbox" in caught.value.fix
    assert world.provider.opened == []


def test_sandbox_offers_its_key_and_keeps_it_in_the_file(world: World) -> None:
    world.is_sandbox = True
    world.provider.key = "sandbox-ready"
    world.environ = {"BOKKO_BILLINGO_API_KEY": KEY, "BOKKO_BILLINGO_URL": "https://elsewhere.example"}
    assert world.connect(("API key", ""), *QUESTIONS, YES) == ExitCode.DONE
    assert world.provider.opened == [("http://127.0.0.1:1/v3", "sandbox-ready")]
    assert world.secrets["file"].kept == {"a": "sandbox-ready"}
    assert world.secrets["keyring"].kept == {}
    assert "plain text" not in world.said()
    assert "https://app.billingo.hu" not in world.said()
    assert "press Enter for the key sandbox-ready" in world.said()


def test_sandbox_has_no_keyring_to_offer(world: World) -> None:
    world.is_sandbox = True
    with pytest.raises(InvalidValue, match="never touches the keyring"):
        world.connect(options=Options({}, key_storage="keyring"))
