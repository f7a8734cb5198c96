"""Acts with the rights of somebody else, since whoever runs the tests may be one who may do everything."""

import os
from collections.abc import Callable
from pathlib import Path

NOBODY = 65534


def as_nobody(act: Callable[[], str]) -> str:
    """Return what an act says in a child that has no rights of root's; what it raises is said by its name.

    The folders above the test's own are left as they are, so the child keeps the right to pass through them.
    """
    if os.geteuid() != 0:
        return act()
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - measured in the parent only
        _say_and_leave(act, write_end)
    os.close(write_end)
    with os.fdopen(read_end, encoding="utf-8") as said:
        text = said.read()
    os.waitpid(child, 0)
    return text


def own(folder: Path) -> None:
    """Give a folder and all that is in it to nobody, where that is somebody else."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        for above in folder.parents:
            if above.stat().st_uid == 0 and not above.stat().st_mode & 0o001:
                above.chmod(above.stat().st_mode | 0o011)


def _say_and_leave(act: Callable[[], str], write_end: int) -> None:
    try:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
        said = act()
    except BaseException as error:  # noqa: BLE001 - nothing of the child may go on in the tests' own code
        said = f"{type(error).__name__}: {error}"
    os.write(write_end, said.encode("utf-8"))
    os._exit(0)
