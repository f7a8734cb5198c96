"""Settings are written as one change, and what a person wrote besides stays."""

import os
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from bokko_cli.errors import SettingsUnreadable, StorageFailed
from bokko_cli.store.toml_file import prepared, rewrite, rewritten, sweep_beside

OURS: Mapping[str, object] = {
    "schema": 1,
    "billingo": {"endpoint": "https://x", "block": {"id": 2, "name": "Új"}, "tax": None, "capable": False},
}


def changed(content: Mapping[str, object]) -> Mapping[str, object]:
    return merged(content, OURS)


def merged(old: Mapping[str, object], new: Mapping[str, object]) -> Mapping[str, object]:
    result = dict(old)
    for key, value in new.items():
        before = old.get(key, {})
        result[key] = merged(before, value) if isinstance(value, Mapping) and isinstance(before, Mapping) else value
    return result


def write(tmp_path: Path, text: str) -> str:
    path = tmp_path / "default.toml"
    path.write_bytes(text.encode())
    rewrite(path, changed)
    return path.read_bytes().decode()


def test_new_file_holds_what_is_wanted_without_what_is_none(tmp_path: Path) -> None:
    folder = tmp_path / "far" / "away"
    rewrite(folder / "default.toml", changed)
    written = tomllib.loads((folder / "default.toml").read_text("utf-8"))
    assert written == {
        "schema": 1,
        "billingo": {"endpoint": "https://x", "block": {"id": 2, "name": "Új"}, "capable": False},
    }
    assert stat.S_IMODE((folder / "default.toml").stat().st_mode) == 0o600
    assert [stat.S_IMODE(part.stat().st_mode) for part in (folder, folder.parent)] == [0o700, 0o700]
    assert list(folder.iterdir()) == [folder / "default.toml"]


def test_existing_folder_keeps_its_mode_and_an_open_file_becomes_private(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "default.toml").touch(mode=0o644)
    rewrite(tmp_path / "default.toml", changed)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755
    assert stat.S_IMODE((tmp_path / "default.toml").stat().st_mode) == 0o600


def test_comments_unknown_keys_and_order_survive(tmp_path: Path) -> None:
    before = (
        "# mine\n\nmore = [1, # one\n  2]\nschema = 1 # the form\n\n"
        '[notes]\n# deep\nwhen = 2020-01-01\n\n[billingo] # ours\nendpoint = "old" # where to\ntax = "1"\n'
        "capable = true # may\nextra.deep = 1\n\n"
        "[billingo.block] # series\nid = 1 # number\nname = 'n'\nseen = true\n\n"
        '[[list]]\ntext = """a\nb""" # long\n'
    )
    after = write(tmp_path, before)
    assert after == before.replace('"old"', '"https://x"').replace('tax = "1"\n', "").replace(
        "capable = true", "capable = false"
    ).replace("id = 1", "id = 2").replace("'n'", '"Új"')


@pytest.mark.parametrize(
    "before",
    [
        "billingo = {endpoint = 'old'}\n",
        "billingo = {endpoint = 'old', block = {id = 1, seen = 1}}",
        "[billingo]\nblock.id = 1\nblock.seen = 1\n",
        "[billingo.block]\nid = 1\n[notes]\n[billingo]\nendpoint = 'old'\n",
        "[billingo.block]\nid = 1\n[notes]\n[billingo.more]\nx = 1\n",
        "[[notes]]\nx = 1\n[[notes]]\nx = 2\n",
        "['billingo'.\"block\"]\nid = 1\n",
        "\ufeffschema = 1\n",
        'note = """a\r\nb""" # kept\r\n[billingo]\r\nendpoint = "old"\r\n',
        "[billingo]\nendpoint = 'old'",
        "# only words",
    ],
)
def test_layouts_that_people_write_are_kept(before: str, tmp_path: Path) -> None:
    content = tomllib.loads(before.removeprefix("\ufeff").replace("\r\n", "\n"))
    after = write(tmp_path, before)
    wanted = changed(content)["billingo"]
    assert isinstance(wanted, dict)
    assert tomllib.loads(after) == {
        **content,
        "schema": 1,
        "billingo": {key: value for key, value in wanted.items() if key != "tax"},
    }
    assert after.count("#") == before.count("#")


def test_new_text_is_on_the_disk_before_it_takes_the_place_and_the_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.toml"
    path.touch()
    synced: list[tuple[bool, int, str]] = []
    descriptors: list[int] = []

    def fsync(descriptor: int) -> None:
        about = os.fstat(descriptor)
        is_folder = stat.S_ISDIR(about.st_mode)
        synced.append((is_folder, 0 if is_folder else about.st_size, path.read_text("utf-8")))
        descriptors.append(descriptor)

    monkeypatch.setattr(os, "fsync", fsync)
    rewrite(path, lambda _: {"a": 1})
    assert synced == [(False, len("a = 1\n"), ""), (True, 0, "a = 1\n")]
    for descriptor in descriptors:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)


def test_nesting_that_can_be_read_but_not_written_is_refused_and_stands(tmp_path: Path) -> None:
    before = "a = " + "[" * 200 + "]" * 200 + "\n"
    path = tmp_path / "a.toml"
    path.write_text(before, "utf-8")
    with pytest.raises(StorageFailed, match="cannot be changed safely"):
        rewrite(path, changed)
    assert path.read_text("utf-8") == before


def test_layout_that_would_break_is_refused_and_stands(tmp_path: Path) -> None:
    before = 'billingo.extra = 3\nbillingo.key.slot = "b"\n[billingo."odd key"]\n[notes]\n'
    with pytest.raises(StorageFailed, match="laid out in a way that cannot be changed safely"):
        write(tmp_path, before)
    assert (tmp_path / "default.toml").read_text("utf-8") == before
    assert list(tmp_path.iterdir()) == [tmp_path / "default.toml"]


@pytest.mark.parametrize("before", [b"\xff", b"a\x00b", b"= 1", b"a = 1\na = 2", b"n = " + b"9" * 5000, b"[" * 9999])
def test_what_is_not_toml_is_not_overwritten_and_not_quoted(before: bytes, tmp_path: Path) -> None:
    path = tmp_path / "default.toml"
    path.write_bytes(before)
    with pytest.raises(SettingsUnreadable) as caught:
        rewrite(path, changed)
    assert "9999" not in caught.value.message
    assert caught.value.__suppress_context__
    assert path.read_bytes() == before


def test_link_is_followed_and_stays_a_link(tmp_path: Path) -> None:
    target = tmp_path / "dotfiles" / "bokko.toml"
    target.parent.mkdir()
    target.write_text("# mine\n", "utf-8")
    link = tmp_path / "default.toml"
    link.symlink_to(target)
    rewrite(link, changed)
    assert link.is_symlink()
    assert target.read_text("utf-8").startswith("# mine\nschema = 1")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["bokko.toml", "default.toml", "dotfiles"]


def test_link_without_a_target_makes_it(tmp_path: Path) -> None:
    (tmp_path / "default.toml").symlink_to(tmp_path / "new" / "real.toml")
    rewrite(tmp_path / "default.toml", changed)
    assert "schema" in (tmp_path / "new" / "real.toml").read_text("utf-8")


def test_links_in_a_circle_are_refused(tmp_path: Path) -> None:
    (tmp_path / "default.toml").symlink_to(tmp_path / "default.toml")
    sweep_beside(tmp_path / "default.toml")
    with pytest.raises(StorageFailed):
        rewrite(tmp_path / "default.toml", changed)


def test_folder_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageFailed, match="file"):
        rewrite(tmp_path / "file" / "default.toml", changed)


def test_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "default.toml").mkdir()
    with pytest.raises(StorageFailed, match="Cannot read"):
        rewrite(tmp_path / "default.toml", changed)


def test_nothing_changes_before_the_last_step(tmp_path: Path) -> None:
    path = tmp_path / "default.toml"
    path.write_text("schema = 1\n", "utf-8")
    with prepared(path, changed) as put_in_place:
        assert path.read_text("utf-8") == "schema = 1\n"
        put_in_place()
        assert "billingo" in path.read_text("utf-8")
    with prepared(path, lambda content: {**content, "billingo": None}):
        pass
    assert "billingo" in path.read_text("utf-8")
    assert list(tmp_path.iterdir()) == [path]


def test_rename_that_is_refused_leaves_the_old_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "default.toml"
    with prepared(path, changed) as put_in_place:
        path.mkdir()
        with pytest.raises(StorageFailed, match="Cannot write"):
            put_in_place()
    assert list(tmp_path.iterdir()) == [path]


def test_what_a_killed_run_left_is_swept(tmp_path: Path) -> None:
    (tmp_path / ".default.toml.new").write_text("half", "utf-8")
    (tmp_path / ".other.toml.new").write_text("not ours", "utf-8")
    sweep_beside(tmp_path / "default.toml")
    assert [path.name for path in tmp_path.iterdir()] == [".other.toml.new"]


def test_file_that_somebody_put_beside_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("theirs", "utf-8")
    (tmp_path / ".default.toml.new").symlink_to(tmp_path / "theirs")
    with pytest.raises(StorageFailed):
        rewrite(tmp_path / "default.toml", changed)
    assert (tmp_path / "theirs").read_text("utf-8") == "theirs"


def test_rehearsal_writes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "none" / "default.toml"
    assert tomllib.loads(rewritten(path, changed))["schema"] == 1
    assert os.listdir(tmp_path) == []  # noqa: PTH208 - as the system lists it


@pytest.mark.parametrize("comment", ["# mine\n", "\n# mine\n\n# and mine\n\n"])
def test_comment_behind_a_table_that_goes_stays(tmp_path: Path, comment: str) -> None:
    path = tmp_path / "default.toml"
    path.write_text(f'[billingo]\na = 1\n[billingo.api_key]\nslot = "a"\n{comment}[szamlazz]\nnote = "kept"\n')
    rewrite(path, lambda content: {**content, "billingo": None})
    assert path.read_text() == f'{comment}[szamlazz]\nnote = "kept"\n'
