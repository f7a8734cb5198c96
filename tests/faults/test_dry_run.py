"""A dry run through a keyring: it takes no lock and writes nothing anywhere."""

from pathlib import Path

from tests.faults.machine import NEW_KEY, Machine, connecting


def everything(root: Path) -> dict[str, bytes | None]:
    backends_own = root / "keyring.lock"
    paths = (path for path in root.rglob("*") if "__pycache__" not in path.parts and path != backends_own)
    return {str(path.relative_to(root)): path.read_bytes() if path.is_file() else None for path in paths}


def test_first_dry_run_leaves_no_trace(machine: Machine) -> None:
    machine.environment()  # makes the keyring's own folder
    before = everything(machine.root)
    ran = machine.run(*connecting(), "--dry-run", stdin=NEW_KEY)
    assert (ran.returncode, everything(machine.root)) == (0, before)


def test_dry_run_over_a_connection_changes_nothing(machine: Machine) -> None:
    machine.connect()
    before = everything(machine.root)
    ran = machine.run(*connecting(), "--dry-run", stdin=NEW_KEY)
    assert (ran.returncode, everything(machine.root)) == (0, before)
