"""What a run is put together from: its Context, its output, its journal, each loaded when it is asked for."""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, TextIO

from bokko_cli.cli.journal import Journal, NoJournal
from bokko_cli.cli.run import Run
from bokko_cli.errors import BokkoError
from bokko_cli.model.wording import N_

if TYPE_CHECKING:
    from bokko_cli.context import Context
    from bokko_cli.deadline import Deadline
    from bokko_cli.model.spec import Spec
    from bokko_cli.model.values import Content, Storage
    from bokko_cli.output.base import Output
    from bokko_cli.output.people import Screen
    from bokko_cli.prompter.base import Prompter
    from bokko_cli.prompter.person import Surface
    from bokko_cli.providers.base import Opener, OpenProvider
    from bokko_cli.providers.rehearsing import OpenRehearsal, RehearsalOpener
    from bokko_cli.sandbox.server import Sandbox as Server
    from bokko_cli.store.base import SecretStore

# httpx loads a command line of its own where click is installed, for nothing and at 4 times `python -c pass`.
sys.modules["httpx._main"] = None  # type: ignore[assignment]  # makes the import fail, which httpx expects


def context_of(run: Run, output: "Output") -> "Context":
    """Return what a command may touch; nothing costly is open yet."""
    from datetime import UTC, datetime

    from bokko_cli.context import Context
    from bokko_cli.deadline import Deadline
    from bokko_cli.providers.tables import SPECS

    folder = _folder(run)
    deadline = Deadline()
    return Context(
        environ=os.environ,
        folder=folder,
        profile_name=run.profile,
        invocation=run.options.invocation,
        specs=SPECS,
        output=output,
        prompter=_prompter(run, output, deadline.restart),
        clock=lambda: datetime.now(UTC).replace(microsecond=0),
        deadline=deadline,
        sandbox_url=_sandbox_url if run.options.sandbox else None,
        opener=_opener,
        rehearsal_opener=_rehearsal_opener,
        warm_up=_warm_up,
        open_secrets=partial(_open_secrets, run, folder, output),
        read_first_line=partial(_read_first_line, output.say),
    )


def _folder(run: Run) -> Path:
    from bokko_cli.store.folders import config_folder, sandbox_folder

    try:
        return sandbox_folder(os.environ) if run.options.sandbox else config_folder(os.environ)
    except (BokkoError, OSError, RuntimeError):
        if run.is_diagnostic:
            return Path(os.devnull, "bokko")  # a folder that nobody can enter, on any system
        raise


def output_of(run: Run) -> "Output":
    """Return what prints on the process's own streams: for scripts, or for people; rich is loaded when it draws."""
    from bokko_cli.providers.tables import SPECS

    if run.as_json:
        from bokko_cli.output.scripts import Scripts

        return Scripts(sys.stdout, sys.stderr, SPECS, must_answer=run.must_answer)
    from bokko_cli.output.people import People

    return People(
        sys.stdout,
        sys.stderr,
        SPECS,
        _new_screen,
        words_for(os.environ),
        is_sandbox=run.options.sandbox,
        must_answer=run.must_answer,
        is_logged=run.options.debug,
    )


def _new_screen(stream: TextIO, worded: Callable[[str], str]) -> "Screen":
    from bokko_cli.output.streams import is_plain

    if is_plain():
        from bokko_cli.output.spoken import SpokenScreen

        return SpokenScreen(stream, worded)
    from bokko_cli.output.console import DrawnScreen

    return DrawnScreen(stream, worded)


def words_for(environ: Mapping[str, str]) -> Callable[[str], str]:
    """Return what puts texts into the language of whoever reads them; English is read without a catalog."""
    from bokko_cli.output.language import in_english, language_of

    if language_of(environ) == "en":
        return in_english
    from bokko_cli.output.hungarian import in_hungarian

    return in_hungarian


def journal_of(run: Run) -> Journal:
    """Return what writes down what happens, which costs much to load and is asked for by --debug."""
    if not run.options.debug:
        return NoJournal()
    from bokko_cli.cli.debugging import DebugJournal

    return DebugJournal()


def command_module(name: str) -> ModuleType:
    """Return the module of a command, which has its Options and run."""
    from importlib import import_module

    return import_module(f"bokko_cli.commands.{name}")


def names_of_profiles(environ: Mapping[str, str], *, is_sandbox: bool) -> Sequence[str]:
    """Return the profiles that there are, none where they cannot be listed."""
    from bokko_cli.store.folders import config_folder
    from bokko_cli.store.profiles import profile_names

    try:
        folder = config_folder(environ)
        return profile_names(folder / "sandbox" if is_sandbox else folder)
    except (BokkoError, OSError, RuntimeError):
        return ()


@cache
def _running_sandbox() -> "Server":
    from bokko_cli.deadline import NO_THREAD, NO_THREAD_FIX
    from bokko_cli.errors import Unreachable
    from bokko_cli.sandbox.server import Sandbox as Server

    server = Server()
    try:
        server.start()
    except RuntimeError:
        raise Unreachable(NO_THREAD, fix=NO_THREAD_FIX) from None
    return server


def _sandbox_url(spec: "Spec") -> str:
    return _running_sandbox().url + spec.sandbox_path


def _can_ask() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _prompter(run: Run, output: "Output", answered: Callable[[], None]) -> "Prompter":
    if run.may_ask and _can_ask():
        from bokko_cli.prompter.person import PersonPrompter

        worded = _spelled(words_for(os.environ))
        return PersonPrompter(_surface(worded), worded, output.say, output.report_before_asking, answered)
    from bokko_cli.prompter.base import NoPrompter

    return NoPrompter()


def _surface(worded: Callable[[str], str]) -> "Surface":
    from bokko_cli.output.streams import is_plain, terminal_columns

    if is_plain():
        from bokko_cli.prompter.accessible import on_standard_streams

        return on_standard_streams(worded, lambda: terminal_columns(sys.stderr))
    from bokko_cli.prompter.terminal import Terminal

    return Terminal(worded)


def _spelled(worded: Callable[[str], str]) -> Callable[[str], str]:
    """Return the same in letters of the stream that questions stand on."""
    from bokko_cli.output.plain import in_encoding_of

    return lambda text: in_encoding_of(sys.stderr, worded(text))


def _opener(spec: "Spec", deadline: "Deadline") -> "OpenProvider":
    @cache
    def loaded() -> "OpenProvider":
        from importlib import import_module

        opener: Opener = import_module(spec.module).opener
        return opener(deadline)

    return lambda endpoint, key, tell: loaded()(endpoint, key, tell)  # noqa: PLW0108 - loads it when it is called


def _rehearsal_opener(spec: "Spec", deadline: "Deadline") -> "OpenRehearsal":
    from importlib import import_module

    opener: RehearsalOpener = import_module(spec.rehearsal_module).opener
    return opener(deadline)


def _warm_up(spec: "Spec", endpoint: str) -> None:
    """Load what asking the provider needs while a person types the key; faults are reported when it is asked."""
    from importlib import import_module

    from bokko_cli.deadline import NoThread, start_thread

    def load() -> None:
        # Whatever it is: a Ctrl-C while the other thread loads the same module leaves any ruin of it.
        with suppress(Exception):
            import_module(spec.module)
            import_module("bokko_cli.output.console")
            from bokko_cli.network.client import warm_up

            warm_up(endpoint)

    with suppress(NoThread):  # then it is loaded when it is needed
        start_thread(load)


def _open_secrets(
    run: Run, folder: Path, output: "Output", spec: "Spec", profile: str, storage: "Storage"
) -> "SecretStore":
    if storage == "file":
        from bokko_cli.store.profile import secrets_path
        from bokko_cli.store.secrets_file import SecretsFile

        # The sandbox's keys are no secrets, and doctor reports rights itself, without the whole path.
        warn = _silent if run.options.sandbox or run.is_diagnostic else output.warn
        return SecretsFile(secrets_path(folder, profile), spec.provider, _rewrite, warn)
    from bokko_cli.store.folders import keyring_lock
    from bokko_cli.store.keyring import ALONE_SECONDS, PRESENT_SECONDS, KeyringStore
    from bokko_cli.store.keyring_service import keyring_service

    seconds = PRESENT_SECONDS if run.may_ask and _can_ask() and _has_screen() else ALONE_SECONDS
    service = keyring_service(spec.provider, folder)
    return KeyringStore(service, profile, keyring_lock(folder), seconds, output.say, spec.key_variable, run.is_dry_run)


def _silent(_line: str) -> None:
    """Say nothing."""


def _has_screen() -> bool:
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _rewrite(path: Path, change: "Callable[[Content], Content]") -> None:
    from bokko_cli.store.toml_file import rewrite

    rewrite(path, change)


def _read_first_line(say: Callable[[str], None]) -> str:
    from bokko_cli.commands.shared.keys import LONGEST_LINE, decoded_line

    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        from getpass import getpass

        say(N_("Waiting for the key on standard input; type or paste it, then press Enter. It is not shown."))
        return getpass("", sys.stderr)
    return decoded_line(sys.stdin.buffer.readline(LONGEST_LINE))
