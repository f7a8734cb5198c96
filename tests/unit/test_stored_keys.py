"""What comes out of a store is cleaned like what is typed, and what cannot be a key is missing."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from bokko_cli.commands import connect
from bokko_cli.errors import BokkoError, ExitCode, InvalidValue, KeyMalformed, KeyMissing
from bokko_cli.model.apikey import ApiKey, clean_key
from bokko_cli.model.values import Slot
from bokko_cli.store.base import key_in
from bokko_cli.store.secrets_file import SecretsFile
from bokko_cli.store.toml_file import rewrite
from tests.fakes import CHOSEN, KEY, DictSecrets, World

ODD = [f"{KEY} ", f"\n{KEY}\n", f"\ufeff{KEY}", f'"{KEY}"', f"'\u200b{KEY}' ", f"\" '{KEY}' \""]
NO_KEYS = [f"{KEY[:5]} {KEY[5:]}", f"{KEY}\nmore", f"{KEY}é", f"{KEY}\x00", "x" * 600, "\ufeff"]


@pytest.mark.parametrize("stored", ODD)
def test_key_with_odd_surroundings_is_cleaned(stored: str, tmp_path: Path) -> None:
    assert key_in(stored, "here") == ApiKey(KEY)
    store = SecretsFile(tmp_path / "default.secrets.toml", "billingo", rewrite, pytest.fail)
    rewrite(store.path, lambda _: {"billingo": {"a": stored}})
    assert store.read("a") == ApiKey(KEY)
    store.delete("a")
    assert not store.path.exists()


@pytest.mark.parametrize("stored", NO_KEYS)
def test_what_cannot_be_a_key_is_missing_and_not_shown(stored: str, tmp_path: Path) -> None:
    store = SecretsFile(tmp_path / "default.secrets.toml", "billingo", rewrite, pytest.fail)
    rewrite(store.path, lambda _: {"billingo": {"a": stored}})
    with pytest.raises(KeyMissing) as caught:
        store.read("a")
    assert str(store.path) in caught.value.message
    assert KEY[:5] not in caught.value.message
    assert caught.value.__cause__ is None
    store.probe()
    store.write("a", ApiKey(KEY))
    assert store.read("a") == ApiKey(KEY)


@pytest.mark.parametrize("stored", ["", " ", "\n"])
def test_blank_secret_is_none(stored: str) -> None:
    assert key_in(stored, "here") is None


@pytest.mark.parametrize("text", [*ODD, "'\" 'x' \"'"])
def test_clean_key_stays_what_it_is(text: str) -> None:
    once = clean_key(text)
    assert clean_key(once.reveal()) == once


def test_stored_text_that_is_no_key_is_a_problem_with_connect_as_its_fix(tmp_path: Path) -> None:
    world = World(tmp_path / "settings").connected()
    world.secrets["keyring"].failure = KeyMissing("What is stored cannot be a key.")
    assert world.look() == ExitCode.NOT_READY
    problem = world.status.problems[0]
    assert (problem.code, problem.fix) == ("key_missing", "bokko billingo connect")


@pytest.mark.parametrize("text", [f"{KEY} more", f"{KEY}é"])
def test_variable_that_holds_no_key_is_a_problem_too(text: str, tmp_path: Path) -> None:
    world = World(tmp_path / "settings", environ={"BOKKO_BILLINGO_API_KEY": KEY})

    assert world.connect(options=connect.Options(CHOSEN, key_storage="env")) == ExitCode.DONE
    world.environ["BOKKO_BILLINGO_API_KEY"] = text
    assert world.look() == ExitCode.NOT_READY
    problem = world.status.problems[0]
    assert problem.code == "key_missing"
    assert problem.fix.endswith("unset it and connect again: bokko billingo connect")
    assert KEY[:8] not in problem.message


def test_key_file_may_be_standard_input(tmp_path: Path) -> None:
    world = World(tmp_path / "settings", standard_input=f"{KEY}\n")
    assert world.connect(options=connect.Options(CHOSEN, api_key_file="-")) == ExitCode.DONE
    with pytest.raises(InvalidValue, match="cannot be used together"):
        world.connect(options=connect.Options(CHOSEN, api_key_file="-", api_key_stdin=True))


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("", "--api-key-file is empty"),
        ("~nosuchuser/key", "is in a home folder that cannot be determined"),
        ("gone", "The key file gone cannot be read: No such file or directory"),
        ("/", "The key file / cannot be read: Is a directory"),
        ("a\x00b", "cannot be read: not a path"),
    ],
)
def test_key_file_that_cannot_be_used_is_told_clearly(file: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidValue) as caught:
        World(tmp_path / "settings").connect(options=connect.Options(CHOSEN, api_key_file=file))
    assert said in caught.value.message
    assert (caught.value.exit_code, isinstance(caught.value, KeyMalformed)) == (ExitCode.USAGE, file != "")


def test_fix_of_a_key_that_is_gone_names_another_address_that_it_belonged_to(tmp_path: Path) -> None:
    world = World(tmp_path / "settings", environ={"BOKKO_BILLINGO_URL": "https://other.example/v3"}).connected()
    world.secrets["keyring"].kept.clear()
    world.look()
    assert world.status.problems[0].fix == "bokko billingo connect"
    world.environ.clear()
    world.look()
    assert world.status.problems[0].fix == (
        "Set BOKKO_BILLINGO_URL to https://other.example/v3, then run: bokko billingo connect"
    )


class MovingSecrets(DictSecrets):
    """A store in which another process connects anew right before the first look."""

    connect_elsewhere: Callable[[], object] | None = None

    def read(self, slot: Slot) -> ApiKey | None:
        if self.connect_elsewhere:
            connect_elsewhere, self.connect_elsewhere = self.connect_elsewhere, None
            connect_elsewhere()
        return super().read(slot)


@pytest.mark.parametrize("command", ["status --check", "blocks", "configure"])
def test_key_that_was_just_moved_goes_to_its_new_address_alone(command: str, tmp_path: Path) -> None:
    moving = MovingSecrets()
    world = World(tmp_path / "settings", secrets={"keyring": moving, "file": DictSecrets()}).connected()
    elsewhere = World(
        world.folder,
        environ={"BOKKO_BILLINGO_URL": "https://other.example/v3"},
        secrets={"keyring": DictSecrets(moving.kept), "file": DictSecrets()},
    )
    moving.connect_elsewhere = elsewhere.connected
    if command == "blocks":
        world.list("document_block")
    elif command == "configure":
        with suppress(BokkoError):  # another connection than the one that was to be changed
            world.configure(invoice_capable=False)
    else:
        world.check()
    assert world.provider.opened == [("https://other.example/v3", KEY)]
