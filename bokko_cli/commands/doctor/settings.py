"""The settings folder, every file of ours in it with its permissions, and what cannot be read, by line and field."""

import os
import stat
import tomllib
from collections.abc import Iterator, Sequence

from bokko_cli.commands.doctor.installation import Installation
from bokko_cli.errors import SettingsUnreadable
from bokko_cli.model.public_findings import dotted, doubtful, mode, profile, together, well, wrong
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import Item
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.store.fault import Fault
from bokko_cli.store.profile import Profile, parse
from bokko_cli.store.profiles import OwnFile, own_files
from bokko_cli.store.table import found_in
from bokko_cli.store.toml_position import line_of, position_of

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_READ = ("settings", "secrets")
_OWN_FIELDS = (
    "schema", "active_provider", "connected_at", "verified_at", "endpoint", "account_tax_code", "invoice_mode",
    "subscription_until", "subscription_has_plan", "api_key", "storage", "slot", "hint", "can_write",
    "rehearsal", "at", "outcome", "code", "id", "name", "prefix", "number", "currency",
)  # fmt: skip


def items(around: Installation) -> Iterator[Item]:
    """Look at the folder, then at each file of ours; the profiles come last."""
    try:
        files = own_files(around.folder, around.specs)
    except SettingsUnreadable:
        yield wrong(
            "settings",
            "folder",
            N_("The folder {folder} cannot be entered.", folder=around.place(around.folder)),
            N_("Make it accessible to this user: chmod u+rwx {folder}", folder=around.place(around.folder)),
        )
        return
    yield _folder(around)
    for file in files:
        yield from _file(around, file)
    yield _profiles(files)


def _folder(around: Installation) -> Item:
    shown = around.place(around.folder)
    try:
        bits = around.folder.stat().st_mode
    except FileNotFoundError:
        return well("settings", "folder", N_("{folder}, which the first connect creates.", folder=shown))
    if not os.access(around.folder, os.W_OK):
        return wrong(
            "settings",
            "folder",
            N_("The folder {folder} ({mode}) cannot be written to.", folder=shown, mode=mode(bits)),
            N_("Give this user permission to write there: chmod u+rwx {folder}", folder=shown),
        )
    return well("settings", "folder", N_("{folder} ({mode})", folder=shown, mode=mode(bits)))


def _file(around: Installation, file: OwnFile) -> Iterator[Item]:
    try:
        bits = file.path.stat().st_mode
        text = file.path.read_bytes() if file.purpose in _READ else b""
    except OSError:
        shown = around.place(file.path)
        yield wrong(
            "settings",
            file.path.name,
            N_("{file} cannot be read.", file=shown),
            N_("Make it readable for this user: chmod u+rw {file}", file=shown),
        )
        return
    faults = list(_not_toml(around, file, text))
    if not faults and file.purpose == "settings":
        faults = list(_not_understood(around, file, text.decode("utf-8-sig")))
    yield from faults or [_rights(around, file, bits)]


def _not_toml(around: Installation, file: OwnFile, raw: bytes) -> Iterator[Item]:
    """Say where a file stops being TOML; never what stands there, which may be a key in the wrong place."""
    shown = around.place(file.path)
    fix = N_("Correct that line, or set the file aside (mv {file} {file}.aside) and connect again.", file=shown)
    try:
        text = raw.decode("utf-8-sig")
        tomllib.loads(text)
    except UnicodeDecodeError:
        yield wrong("settings", file.path.name, N_("{file} is not UTF-8 text.", file=shown), fix)
    except (ValueError, RecursionError) as error:
        at = position_of(text, error)
        message = N_(
            "{file} is not valid TOML: line {line}, column {column}.", file=shown, line=at.line, column=at.column
        )
        yield wrong("settings", file.path.name, message, fix)


def _not_understood(around: Installation, file: OwnFile, text: str) -> Iterator[Item]:
    """Name each value that cannot be understood by line and field, and never the value."""
    try:
        settings = parse(file.path, text)
    except SettingsUnreadable:
        yield wrong(
            "settings",
            file.path.name,
            N_("{file} was written by a newer version of bokko.", file=around.place(file.path)),
            N_("Update bokko."),
        )
        return
    for fault in settings.faults:
        yield _fault(around, file, settings, fault, None)
    for spec in around.specs.values():
        for fault in found_in(spec, settings.content.get(spec.provider)).faults:
            yield _fault(around, file, settings, fault, spec)


def _fault(around: Installation, file: OwnFile, settings: Profile, fault: Fault, spec: Spec | None) -> Item:
    known = (*_OWN_FIELDS, *around.specs, *(field.name for each in around.specs.values() for field in each.fields))
    field = dotted(fault.path, known)
    shown = around.place(file.path)
    is_missing = fault.found is None
    line = line_of(settings.text, fault.path[:-1] if is_missing else fault.path) or 1
    message = (
        N_("{file}: {field} is missing (line {line}).", file=shown, field=field, line=line)
        if is_missing
        else N_(
            "{file}, line {line}: {field} holds a value that bokko does not know.", file=shown, line=line, field=field
        )
    )
    return wrong("settings", file.path.name, message, _mending(around, file, fault, spec))


def _mending(around: Installation, file: OwnFile, fault: Fault, spec: Spec | None) -> Sentence:
    if spec is None:
        return N_("Correct it by hand.")
    field = next((field for field in spec.questions if field.name in fault.path[1:2]), None)
    if field is None:
        command = around.command(file.profile, spec.provider, "connect")
        return N_("Correct it by hand, or connect again: {command}", command=command)
    command = around.command(file.profile, spec.provider, "configure", field.flag)
    if field.metavar:
        return N_("Correct it by hand, or give it a new value: {command} VALUE", command=command)
    other = around.command(file.profile, spec.provider, "configure", field.no_flag)
    return N_("Correct it by hand, or set it anew: {yes} or {no}", yes=command, no=other)


def _rights(around: Installation, file: OwnFile, bits: int) -> Item:
    shown = around.place(file.path)
    if os.name != "nt" and bits & _OTHERS and file.purpose in _READ:
        level = wrong if file.purpose == "secrets" else doubtful
        return level(
            "settings",
            file.path.name,
            N_("{file} ({mode}) can be read or changed by other users.", file=shown, mode=mode(bits)),
            N_("Run: chmod 600 {file}", file=shown),
        )
    return well("settings", file.path.name.lstrip("."), N_("{file} ({mode})", file=shown, mode=mode(bits)))


def _profiles(files: Sequence[OwnFile]) -> Item:
    names = [profile(file.profile) for file in files if file.purpose == "settings"]
    if not names:
        return well("settings", "profiles", N_("There is no profile yet."))
    return well("settings", "profiles", N_("Profiles: {names}", names=together(names)))
