"""The settings file, read: whole, or an error that names path and place."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bokko_cli.errors import SettingsUnreadable
from bokko_cli.model.values import BankAccount, Block, KeyPlace
from bokko_cli.model.wording import Sentence, Whole
from bokko_cli.store import commit
from bokko_cli.store.profile import parse
from bokko_cli.store.toml_file import rewrite
from bokko_cli.store.toml_position import line_of
from tests.unit.state_world import COMMON, KEY, StateWorld, decided, refused

NAMES = st.text(st.characters(codec="utf-8"), max_size=30)
LINES = st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20), max_size=4)


def test_no_file_is_an_empty_profile(unconnected: StateWorld) -> None:
    assert (unconnected.load().active_provider, unconnected.connection()) == (None, None)
    assert not unconnected.folder.exists()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[billingo]\n\n# note\nvat = 5\n", 4),
        ("a = '''\n[billingo]\nvat = 1\n'''\n[billingo]\nvat = 5", 6),
        ('[billingo]\nvat = """\nfive\n"""\n', 2),
        ("[billingo]\nvat = [\n  5,\n]\n", 2),
        ("x = 1\nbillingo = {a = 1, vat = 5}\n", 2),
        ("billingo.a = 1\r\nbillingo.vat = 5\r\n", 2),
        ("[x]\nvat = 1\n['billingo']\n\"vat\" = 5\n", 4),
    ],
)
def test_line_of_a_value_is_found_in_every_layout(text: str, line: int) -> None:
    assert line_of(text, ("billingo", "vat")) == line
    assert line_of(text, ("billingo", "other")) is None


def test_file_of_a_newer_version_asks_for_an_update(unconnected: StateWorld) -> None:
    unconnected.folder.mkdir()
    unconnected.path.write_text("schema = 2\n", "utf-8")
    error = refused(unconnected)
    assert ("newer version (schema 2)" in error.message, error.fix) == (True, "Update bokko.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"schema = 1\nbillingo = {", "is not valid TOML: line 2, column 13: "),
        (b"a = 1\nb = \x00", "line 2, column 5: "),
        (b"\x89PNG\xff\xfe", "line 1, column 1: it is not UTF-8 text"),
        (b"a = 1\nb = '\xe9'", "line 2, column 6: it is not UTF-8 text"),
        (b"\xff\xfes\x00", "line 1, column 1: it is not UTF-8 text"),
        (b"a = 1\nb = " + b"9" * 5000, "line 2, column 1: a value that is too long"),
        (b"\na = 1\nb = " + b"[" * 5000, "line 3, column 1: a value that is too long or nested too deep"),
        (b"a = 2026-02-31", "line 1, column 5: "),
        (b"a = 1\na = 2", "line 2, column "),
    ],
)
def test_what_is_not_toml_names_path_and_place_and_how_to_set_it_aside(
    content: bytes, said: str, unconnected: StateWorld
) -> None:
    unconnected.folder.mkdir()
    unconnected.path.write_bytes(content)
    error = refused(unconnected)
    assert said in error.message
    assert error.fix.endswith(f"connect again: mv {unconnected.path} {unconnected.path}.aside")
    assert isinstance(error.fix, Sentence)
    assert isinstance(error.fix.fields["command"], Whole), "to be copied in one line"
    for change in (
        lambda: commit.connect(unconnected.stores(), decided(), KEY, None, may_switch=True),
        lambda: commit.disconnect(unconnected.stores(), leave_secret=False),
    ):
        with pytest.raises(SettingsUnreadable):
            change()
    assert unconnected.path.read_bytes() == content


def test_folder_in_the_place_of_the_file_cannot_be_read(unconnected: StateWorld) -> None:
    unconnected.path.mkdir(parents=True)
    error = refused(unconnected)
    assert "Is a directory" in error.message
    assert "move away" in error.fix


def test_link_that_leads_to_itself_is_called_so(unconnected: StateWorld) -> None:
    unconnected.folder.mkdir()
    unconnected.path.symlink_to(unconnected.path)
    assert "is a broken link" in refused(unconnected).fix


@pytest.mark.parametrize("change", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_what_editors_on_windows_leave_is_read(change: Callable[[str], str], connected: StateWorld) -> None:
    before = connected.connection()
    connected.path.write_bytes(change(connected.path.read_text("utf-8")).encode())
    assert connected.connection() == before


def test_empty_active_provider_is_none() -> None:
    assert parse(Path("x"), 'active_provider = ""').active_provider is None


@settings(max_examples=60, deadline=None, derandomize=True)
@given(names=st.tuples(NAMES, NAMES, NAMES, NAMES), tax_code=st.none() | NAMES, comments=LINES, extra=NAMES)
def test_any_content_comes_back_as_it_was_written(
    names: tuple[str, str, str, str],
    tax_code: str | None,
    comments: list[str],
    extra: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("settings")
    path = folder / "default.toml"
    notes = "".join(f"# {line}\n" for line in comments)
    path.write_bytes(f"{notes}\n[notes] # {len(comments)}\nmine = 1\n".encode())
    rewrite(path, lambda content: {**content, "notes": {"mine": 1, "name": extra}})
    world = StateWorld(folder)
    wanted = decided()._replace(
        account_tax_code=tax_code,
        settings={
            **COMMON,
            "document_block": Block(7, names[0], names[1]),
            "bank_account": BankAccount(8, names[2], names[3], names[0]),
        },
    )
    commit.connect(world.stores(), wanted, KEY, None, may_switch=False)
    assert world.connection() == wanted._replace(key=KeyPlace("keyring", "a", None))
    commit.connect(world.stores(), wanted, KEY, None, may_switch=False)
    assert world.connection() == wanted._replace(key=KeyPlace("keyring", "b", None))
    commit.disconnect(world.stores(), leave_secret=False)
    assert world.load().content == {"schema": 1, "notes": {"mine": 1, "name": extra}}
    assert path.read_bytes().decode().startswith(notes)
