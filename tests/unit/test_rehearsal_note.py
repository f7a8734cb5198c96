"""The note of what to delete: whole or not there, private, and never believed where it cannot be understood."""

import errno
import json
import os
import re
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bokko_cli.errors import StorageFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Connection, KeyPlace
from bokko_cli.store.rehearsal_note import (
    Note,
    block_of,
    clear_note,
    is_fresh,
    mark_of,
    new_names,
    note_path,
    read_note,
    write_note,
)
from tests.fakes import NOW, WEBSHOP

NOTE = Note(
    endpoint="https://api.billingo.hu/v3",
    account_tax_code="13421739-2-41",
    key_hint="0002",
    partner_name="BOKKO rehearsal 0123456789abcdef",
    vendor_id="bokko-rehearsal-0123456789abcdef",
)
BOTH = NOTE._replace(sent=("partner", "draft"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return note_path(tmp_path / "settings", "shop", "billingo")


def test_note_stands_beside_the_profile(path: Path) -> None:
    assert path.name == "shop.billingo.rehearsal.json"


@pytest.mark.parametrize(
    "note",
    [
        NOTE,
        BOTH,
        BOTH._replace(document_block=40101, strays=(1, 78)),
        NOTE._replace(account_tax_code=None, key_hint=None, sent=("partner",)),
    ],
)
def test_what_is_written_is_read(path: Path, note: Note) -> None:
    write_note(path, note)
    assert read_note(path) == note
    assert json.loads(path.read_text("utf-8")) == {
        "schema": 1,
        **note._asdict(),
        "sent": list(note.sent),
        "strays": list(note.strays),
    }
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(os.name == "nt", reason="rights are not files' own there")
@pytest.mark.parametrize("umask", [0, 0o777])
def test_note_and_folder_are_private_whatever_the_umask(path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        write_note(path, NOTE)
        write_note(path, BOTH)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@pytest.mark.skipif(os.name == "nt", reason="rights are not files' own there")
def test_note_is_private_from_its_first_moment(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.parent.mkdir()
    monkeypatch.setattr(Path, "chmod", lambda _path, _mode: None)
    before = os.umask(0)
    try:
        write_note(path, NOTE)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_no_note_is_none(path: Path) -> None:
    assert read_note(path) is None


def test_note_that_is_cleared_is_gone_with_what_a_killed_run_left_beside_it(path: Path) -> None:
    write_note(path, NOTE)
    path.with_name(f".{path.name}.new").write_text("half", "utf-8")
    clear_note(path)
    assert list(path.parent.iterdir()) == []
    clear_note(path)


def test_half_a_note_of_a_killed_run_is_written_over(path: Path) -> None:
    write_note(path, NOTE)
    path.with_name(f".{path.name}.new").write_text("half", "utf-8")
    write_note(path, BOTH)
    assert read_note(path) == BOTH
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@pytest.fixture
def synced(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """Return what is made durable as it is done: its kind, and whether the note was in its place by then."""
    seen: list[tuple[str, bool]] = []

    def fsync(descriptor: int) -> None:
        about = os.fstat(descriptor)
        seen.append(("folder" if stat.S_ISDIR(about.st_mode) else f"{about.st_size} bytes", path.exists()))

    monkeypatch.setattr(os, "fsync", fsync)
    return seen


@pytest.mark.skipif(os.name == "nt", reason="folders cannot be opened there")
def test_note_is_on_the_disk_before_it_takes_its_place_and_the_folder_after(
    path: Path, synced: list[tuple[str, bool]]
) -> None:
    write_note(path, NOTE)
    assert synced == [(f"{path.stat().st_size} bytes", False), ("folder", True)]
    synced.clear()
    clear_note(path)
    assert synced == [("folder", False)]


def test_no_note_in_no_folder_is_cleared_already(path: Path) -> None:
    clear_note(path)
    assert not path.parent.exists()


def test_note_that_cannot_be_written_names_file_and_reason(path: Path) -> None:
    path.parent.write_text("a file where the folder should be", "utf-8")
    with pytest.raises(StorageFailed) as caught:
        write_note(path, NOTE)
    reason = os.strerror(errno.ENOTDIR)
    assert caught.value.message == f"Cannot write the rehearsal note {path}: {reason}."
    assert caught.value.fix == "Free some space or check the folder's permissions, then try again."


def test_old_note_stands_where_a_new_one_cannot_be_put_in_its_place(path: Path) -> None:
    path.mkdir(parents=True)
    (path / "inside").touch()
    with pytest.raises(StorageFailed, match=os.strerror(errno.EISDIR)):
        write_note(path, NOTE)
    assert [found.name for found in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize(("act", "verb"), [(read_note, "read"), (clear_note, "remove")])
def test_note_that_is_a_folder_is_said(path: Path, act: Callable[[Path], object], verb: str) -> None:
    path.mkdir(parents=True)
    with pytest.raises(StorageFailed) as caught:
        act(path)
    assert caught.value.message == f"Cannot {verb} the rehearsal note {path}: {os.strerror(errno.EISDIR)}."


def test_note_is_laid_out_for_a_person_to_read(path: Path) -> None:
    write_note(path, NOTE)
    text = path.read_text("utf-8")
    assert text.startswith('{\n  "schema": 1,\n  "endpoint": "https://api.billingo.hu/v3",\n')
    assert text.endswith("\n}\n")


def test_names_are_new_each_time_and_such_as_are_read_again(path: Path) -> None:
    names = {new_names() for _ in range(100)}
    assert len(names) == 100
    for name, vendor_id in names:
        assert re.fullmatch("BOKKO rehearsal [0-9a-f]{16}", name)
        assert re.fullmatch("bokko-rehearsal-[0-9a-f]{16}", vendor_id)
        write_note(path, NOTE._replace(partner_name=name, vendor_id=vendor_id))
        assert read_note(path) is not None


def written(**changes: object) -> bytes:
    whole = {"schema": 1, **BOTH._asdict()} | changes
    return json.dumps({name: value for name, value in whole.items() if value is not ...}).encode()


BROKEN = {
    "nothing": b"",
    "no JSON": b"{",
    "deep": b"[" * 100_000,
    "a list": b"[]",
    "a long text": written(more=" " * 65536),
    "blanks behind it": written() + b" " * 65536,
    "not UTF-8": b"\xff\xfe",
    "another schema": written(schema=2),
    "no schema": written(schema=...),
    "no endpoint": written(endpoint=...),
    "an empty endpoint": written(endpoint=""),
    "no name": written(partner_name=...),
    "a name that is none of ours": written(partner_name="Somebody Kft."),
    "a name without a tail": written(partner_name="BOKKO rehearsal"),
    "an empty tail": written(partner_name="BOKKO rehearsal "),
    "a name that is a number": written(partner_name=7),
    "no vendor id": written(vendor_id=...),
    "an empty vendor id": written(vendor_id=""),
    "a vendor id that leads elsewhere": written(vendor_id="../90001"),
    "a vendor id that is a number": written(vendor_id=5),
    "a tax code that is a number": written(account_tax_code=5),
    "a hint that is a number": written(key_hint=5),
    "nothing sent": written(sent=...),
    "sent as text": written(sent="partner"),
    "something else sent": written(sent=["partner", "invoice"]),
    "a block that is text": written(document_block="40101"),
    "a block that is a truth": written(document_block=True),
    "a mark that is a number": written(key_mark=5),
    "strays as text": written(strays="77"),
    "a stray that is text": written(strays=["77"]),
    "a stray that is a truth": written(strays=[True]),
    "a stray that nothing has": written(strays=[0]),
    "no list of strays": written(strays=None),
    "a list sent": written(sent=[["partner"]]),
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN)
def test_note_that_cannot_be_understood_is_not_believed(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StorageFailed) as caught:
        read_note(path)
    assert caught.value.message == f"The rehearsal note {path} cannot be understood."
    assert caught.value.fix == (
        "Delete drafts and partners whose name begins with BOKKO rehearsal at the provider, then remove the file."
    )
    assert path.read_bytes() == content


def connection(
    endpoint: str = NOTE.endpoint, tax_code: str | None = "13421739-2-41", hint: str | None = "0002"
) -> Connection:
    return Connection(NOW, NOW, endpoint, tax_code, "draft_review", {}, KeyPlace("keyring", "a", hint))


def key(hint: str) -> ApiKey:
    return ApiKey(f"63faa428-{hint}")


@pytest.mark.parametrize(
    ("now", "hint", "is_of"),
    [
        (connection(), "0002", True),
        (connection(hint="9999"), "9999", True),
        (connection(tax_code="10773381-2-44"), "0002", False),
        (connection(tax_code=None), "0002", True),
        (connection(tax_code=None, hint="9999"), "0002", True),
        (connection(tax_code=None), "9999", False),
        (connection(endpoint="https://API.billingo.hu/v3/"), "0002", True),
        (connection(endpoint="https://elsewhere.example/v3"), "0002", False),
        (connection(endpoint="http://127.0.0.1:1234/v3"), "0002", False),
    ],
)
def test_note_belongs_to_one_account(now: Connection, hint: str, is_of: bool) -> None:
    assert NOTE.is_of(now, key(hint)) is is_of


def test_note_without_a_tax_code_goes_by_the_key_in_use() -> None:
    note = NOTE._replace(account_tax_code=None)
    assert note.is_of(connection(), key("0002"))
    assert note.is_of(connection(hint=None), key("0002"))
    assert not note.is_of(connection(), key("9999"))


def test_this_machine_is_one_place_whatever_the_port_for_the_sandbox_alone() -> None:
    note = NOTE._replace(endpoint="http://127.0.0.1:1111/v3")
    elsewhere = connection(endpoint="http://localhost:2222/v3")
    assert note.is_of(elsewhere, ApiKey("sandbox-ready"))
    assert not note.is_of(elsewhere, key("0002"))
    assert note.is_of(connection(endpoint=note.endpoint), key("0002"))
    assert not note.is_of(connection(), ApiKey("sandbox-ready"))


def test_note_of_an_older_bokko_is_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(written(document_block=..., strays=..., key_mark=...))
    assert read_note(path) == BOTH


@pytest.mark.parametrize(
    ("block", "stored", "in_use", "is_surely_of"),
    [
        (None, "0002", "0002", True),
        (None, "9999", "0002", True),
        (None, "0002", "9999", False),
        (None, "9999", "9999", False),
        (40101, "9999", "9999", True),
        (40101, "0002", "9999", False),
        (40102, "9999", "9999", False),
    ],
)
def test_same_key_or_the_block_that_a_new_one_was_verified_with_is_the_same_account(
    block: int | None, stored: str, in_use: str, is_surely_of: bool
) -> None:
    now = connection(hint=stored)._replace(settings={"document_block": WEBSHOP})
    with_variable = now._replace(key=KeyPlace("env", None, stored))
    assert NOTE._replace(document_block=block).is_surely_of(with_variable, key(in_use)) is (in_use == "0002")
    assert NOTE._replace(document_block=block).is_surely_of(now, key(in_use)) is is_surely_of


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_note_that_is_a_pipe_is_not_waited_for(path: Path) -> None:
    path.parent.mkdir()
    os.mkfifo(path)
    with pytest.raises(StorageFailed) as caught:
        read_note(path)
    assert caught.value.message == f"The rehearsal note {path} cannot be understood."


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there are no devices")
def test_note_that_is_a_device_is_not_read(path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to("/dev/zero")
    with pytest.raises(StorageFailed, match="cannot be understood"):
        read_note(path)


def test_note_behind_a_link_is_read_and_a_new_one_takes_the_place_of_the_link(path: Path, tmp_path: Path) -> None:
    target = tmp_path / "elsewhere"
    target.write_bytes(written())
    path.parent.mkdir()
    path.symlink_to(target)
    assert read_note(path) == BOTH
    write_note(path, NOTE)
    assert (path.is_symlink(), read_note(path)) == (False, NOTE)
    assert target.read_bytes() == written()


def test_connection_may_have_no_block() -> None:
    assert block_of(connection(), key("0002")) is None
    seen = connection()._replace(settings={"a": None, "document_block": WEBSHOP})
    assert block_of(seen, key("0002")) == 40101
    assert block_of(seen, key("9999")) is None
    assert block_of(seen._replace(key=KeyPlace("env", None, "0002")), key("0002")) is None


def test_mark_tells_keys_apart_and_keeps_the_key() -> None:
    marks = {mark_of(ApiKey(text), salt) for text in ("one-key-0002", "another-0002") for salt in ("a", "b")}
    assert len(marks) == 4
    assert all(re.fullmatch("[0-9a-f]{8}", mark) for mark in marks)
    made = NOTE._replace(key_mark=mark_of(key("0002"), NOTE.vendor_id))
    assert made.is_surely_of(connection(), key("0002"))
    assert not made.is_surely_of(connection(), ApiKey("another-key-0002"))


def test_note_is_read_up_to_a_length_that_none_of_ours_has(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(written().ljust(65536))
    assert read_note(path) == BOTH
    path.write_bytes(written().ljust(65537))
    with pytest.raises(StorageFailed, match="cannot be understood"):
        read_note(path)


@pytest.mark.parametrize(("age", "fresh"), [(-5.0, True), (0.0, True), (59.5, True), (60.0, False), (3600.0, False)])
def test_note_is_fresh_for_a_minute(path: Path, age: float, fresh: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    write_note(path, NOTE)
    os.utime(path, (1_000_000.0 - age, 1_000_000.0 - age))
    monkeypatch.setattr(time, "time", lambda: 1_000_000.0)
    assert is_fresh(path) is fresh


def test_note_whose_time_cannot_be_known_counts_as_fresh(path: Path) -> None:
    assert is_fresh(path)
