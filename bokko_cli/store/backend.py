"""Which keyring is used: the one that a setting names, else the platform's own, else the best that is installed."""

import logging
import os
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from typing import NamedTuple

import keyring.backend
import keyring.core
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import NoKeyringError
from keyring.util.platform_ import config_root

from bokko_cli.errors import BokkoError, KeyringFailed, KeyringUnavailable
from bokko_cli.model.wording import N_

PLATFORM_BACKENDS: Mapping[str, tuple[str, str]] = {
    "linux": ("keyring.backends.SecretService", "Keyring"),
    "darwin": ("keyring.backends.macOS", "Keyring"),
    "win32": ("keyring.backends.Windows", "WinVaultKeyring"),
}
_VARIABLE = "PYTHON_KEYRING_BACKEND"
_PLAIN = "keyrings.alt"
_KEEP_NOTHING = ("keyring.backends.fail", "keyring.backends.null")
_NEVER = (_PLAIN, *_KEEP_NOTHING, "keyring.backends.chainer")

logging.getLogger("keyring").addHandler(logging.NullHandler())  # its messages are said here


class _Setting(NamedTuple):
    """What names a keyring: the environment's variable or keyring's own settings file; `fix` changes it."""

    name: str
    fix: str
    may_be_plain: bool


def _from_environment(variable: str) -> _Setting:
    fix = N_(
        "Correct or unset {setting}, or connect with --key-storage file, or with --key-storage env and {variable} set.",
        setting=_VARIABLE,
        variable=variable,
    )
    return _Setting(_VARIABLE, fix, may_be_plain=True)


def _from_file(variable: str) -> _Setting:
    path = config_root() / "keyringrc.cfg"
    fix = N_(
        "Correct {path} or move it away, or connect with --key-storage file, "
        "or with --key-storage env and {variable} set.",
        path=path,
        variable=variable,
    )
    return _Setting(str(path), fix, may_be_plain=False)


@cache
def chosen(variable: str) -> KeyringBackend:
    """Return the keyring; naming the platform's class saves the discovery, half of what the keyring costs.

    `variable` may hold the key instead, which a fix says. Raises KeyringUnavailable, KeyringFailed, NoKeyringError.
    """
    if os.environ.get(_VARIABLE):
        return _named(keyring.core.load_env, _from_environment(variable)) or _discovered()
    return _named(keyring.core.load_config, _from_file(variable)) or _of_platform() or _discovered()


def _named(load: Callable[[], KeyringBackend | None], setting: _Setting) -> KeyringBackend | None:
    try:
        backend = load()
        return _acceptable(backend, setting) if backend else None
    except BokkoError:
        raise
    except UnicodeDecodeError:
        raise _not_understood(setting) from None
    except (ImportError, AttributeError, ValueError):
        message = N_("{setting} names a backend that cannot be loaded.", setting=setting.name)
        raise KeyringFailed(message, fix=setting.fix) from None
    except (RuntimeError, OSError):
        message = N_("{setting} names a keyring that does not work on this machine.", setting=setting.name)
        raise KeyringUnavailable(message, fix=setting.fix) from None
    except Exception:  # noqa: BLE001 - whatever the file's fault is, or the platform raises
        raise _not_understood(setting) from None


def _not_understood(setting: _Setting) -> KeyringFailed:
    return KeyringFailed(N_("{setting} cannot be understood.", setting=setting.name), fix=setting.fix)


def _acceptable(backend: KeyringBackend, setting: _Setting) -> KeyringBackend:
    links = list(backend.backends) if isinstance(backend, ChainerBackend) else [backend]
    if not links:
        message = N_("{setting} names a chain of keyrings, none of which this machine has.", setting=setting.name)
        raise KeyringUnavailable(message, fix=setting.fix)
    module = type(links[0]).__module__
    if module in _KEEP_NOTHING:
        message = N_("{setting} names a keyring that keeps nothing.", setting=setting.name)
        raise KeyringUnavailable(message, fix=setting.fix)
    if module.startswith(_PLAIN) and not (setting.may_be_plain and links[0] is backend):
        raise KeyringUnavailable(
            N_("{setting} names a keyring that keeps secrets as plain text.", setting=setting.name),
            fix=N_(
                "Name it in {variable} if you want to use it, or connect with --key-storage file.",
                variable=_VARIABLE,
            ),
        )
    return backend


def _of_platform() -> KeyringBackend | None:
    module, name = PLATFORM_BACKENDS.get(sys.platform, ("", ""))
    if not module:
        return None
    try:
        backend: type[KeyringBackend] = getattr(import_module(module), name)
        backend.priority  # noqa: B018 - reading it raises where the backend cannot work
    except Exception:  # noqa: BLE001 - a bus that is gone raises whatever its address is wrong with
        return None
    return backend()


def _discovered() -> KeyringBackend:
    usable = [found for found in keyring.backend.get_all_keyring() if not type(found).__module__.startswith(_NEVER)]
    best = max(usable, key=lambda backend: float(backend.priority), default=None)
    if best is None or best.priority < 1:
        raise NoKeyringError
    return best


def in_force() -> KeyringBackend:
    """Return the keyring that settings and platform come to, one that would be refused too; raises what it raises."""
    if os.environ.get(_VARIABLE):
        return keyring.core.load_env() or _discovered()
    return keyring.core.load_config() or _of_platform() or _discovered()
