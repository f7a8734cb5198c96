"""Counts what the command writes below the config folder, and strikes just before the N-th write.

Told by `FAULT_FOLDER`, `FAULT_LOG` (a line for each write: what there is before it, and the write's name),
`FAULT_AT` (from 1; 0 strikes nothing) and `FAULT_ACT` (`kill`, a signal's name or a number of an `OSError`).
"""

import functools
import importlib
import importlib.abc
import importlib.machinery
import itertools
import os
import signal
import socket
import sys
import threading
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {"os.chmod", "os.remove", "os.mkdir", "os.rmdir", "os.truncate"}
MOVES = {"os.rename", "os.link", "os.symlink"}


class CountedWrites:
    """The writes so far, counted across all threads."""

    def __init__(self, folder: str, log: str, at: int, act: str) -> None:
        self._folder = Path(folder).resolve()
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._write = os.write  # as it was before `counted` took its place
        self._at = at
        self._act = act
        self._number = itertools.count(1)
        self._secrets = 0
        self._sent = 0
        self._one_at_a_time = threading.Lock()

    def about_to(self, name: str) -> None:
        """Note a write, and strike if it is the one."""
        with self._one_at_a_time:
            self._write(self._log, f"{self._state()}\t{name}\n".encode())
            self._secrets += name.startswith("keyring ")
            strikes = next(self._number) == self._at
        if strikes:
            self._strike()

    def _state(self) -> str:
        """Return what stands for folder, keyring and server: a kill that finds the same leaves the same."""
        paths = sorted(self._folder.rglob("*")) if self._folder.exists() else []
        found = [(path.name, path.stat().st_mode, path.is_file() and path.read_bytes()) for path in paths]
        return f"{self._secrets}-{self._sent}-{zlib.crc32(repr(found).encode()):08x}"

    def _strike(self) -> None:
        if self._act == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        elif self._act.startswith("SIG"):
            os.kill(os.getpid(), signal.Signals[self._act])
        else:
            raise OSError(int(self._act), os.strerror(int(self._act)))

    def inside(self, path: object) -> str | None:
        """Return a path's name relative to the config folder; None for what is elsewhere."""
        if isinstance(path, int):
            path = os.path.realpath(f"/proc/self/fd/{path}" if sys.platform == "linux" else f"/dev/fd/{path}")
        if not isinstance(path, str | bytes | os.PathLike):
            return None
        named = Path(os.fsdecode(path)).absolute()
        whole = named.parent.resolve() / named.name
        return str(whole.relative_to(self._folder)) if whole.is_relative_to(self._folder) else None

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Note what Python is about to do, if that writes below the config folder."""
        if event in CHANGES or (event == "open" and (arguments[2] or 0) & WRITING):
            paths = arguments[:1]
        elif event in MOVES:
            paths = arguments[:2]
        else:
            return
        names = [self.inside(path) for path in paths]
        if any(names):
            verb = event.removeprefix("os.")
            self.about_to(" ".join([verb, *(name or "elsewhere" for name in names)]))

    def counted(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a function of `os` that has no audit event; its first argument is a file descriptor."""

        @functools.wraps(function)
        def noted(descriptor: int, *rest: Any) -> Any:  # noqa: ANN401 -- stands for several functions
            name = self.inside(descriptor)
            if name:
                self.about_to(f"{function.__name__} {name}")
            return function(descriptor, *rest)

        return noted

    def count_requests(self, module: ModuleType) -> None:
        """Let each socket from now on note that something was sent."""
        send = module.socket.send

        def noted(sender: object, *arguments: Any) -> int:  # noqa: ANN401 -- as `send` takes them
            self._sent += 1
            return int(send(sender, *arguments))

        module.socket.send = noted

    def count_backends(self, module: ModuleType) -> None:
        """Let each keyring backend that is defined from now on note its sets and deletes."""
        meta = module.KeyringBackendMeta
        define = meta.__init__

        def init(cls: Any, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> None:  # noqa: ANN401 -- a metaclass's
            define(cls, name, bases, namespace)
            if cls.__module__ in {"keyring.backend", "keyring.backends.chainer"}:
                return  # passes the call on to a backend that notes it
            for method in {"set_password", "delete_password"} & namespace.keys():
                setattr(cls, method, self._noted(getattr(cls, method)))

        meta.__init__ = init

    def _noted(self, method: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(method)
        def noted(backend: object, service: str, username: str, *rest: str) -> None:
            self.about_to(f"keyring {method.__name__.removesuffix('_password')} {service} {username}")
            method(backend, service, username, *rest)

        return noted


class AfterImport(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds one module as Python would, and changes it once it is loaded."""

    def __init__(self, name: str, change: Callable[[ModuleType], None]) -> None:
        self._name = name
        self._change = change

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.loader is None:
            return None
        self._loader = spec.loader
        spec.loader = self
        return spec

    def exec_module(self, module: ModuleType) -> None:
        self._loader.exec_module(module)
        self._change(module)


def watch() -> None:
    """Begin to count, if this process was asked to."""
    if os.environ.get("STEPS_LOG"):
        importlib.import_module("struck_steps").watch()
    folder = os.environ.get("FAULT_FOLDER")
    if not folder:
        return
    writes = CountedWrites(folder, os.environ["FAULT_LOG"], int(os.environ["FAULT_AT"]), os.environ["FAULT_ACT"])
    for name in ("fsync", "fdatasync", "write", "ftruncate"):
        if hasattr(os, name):
            setattr(os, name, writes.counted(getattr(os, name)))
    writes.count_requests(socket)
    sys.meta_path.insert(0, AfterImport("keyring.backend", writes.count_backends))
    sys.addaudithook(writes.audit)


watch()
