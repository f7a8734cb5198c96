"""How a command is put together and how it ends: its Context, whose costly things open when used, and every BokkoError.

Laziness has its home here and in `app.py`, in nobody else's functions.
"""

import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, NoReturn

import typer

from bokko_cli.errors import AnswerLost, BokkoError, Cancelled, ExitCode, InvalidValue

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from bokko_cli.apikey import ApiKey
    from bokko_cli.context import Context
    from bokko_cli.deadline import Deadline
    from bokko_cli.frame import Look
    from bokko_cli.model import Status, Storage
    from bokko_cli.providers.base import Provider
    from bokko_cli.providers.szamlazz.provider import Calls
    from bokko_cli.sandbox.server import Sandbox as Server
    from bokko_cli.state.secret_store import SecretStore
    from bokko_cli.state.secrets_file import Content
    from bokko_cli.table import Table
    from bokko_cli.voice import StreamVoice
    from bokko_cli.wizard.prompter import Prompter

    OpenProvider = Callable[[str, ApiKey, Callable[[str], None]], Provider]

# httpx loads a command line of its own where click is installed, for nothing and at 4 times `python -c pass`.
sys.modules["httpx._main"] = None  # type: ignore[assignment]  # makes the import fail, which httpx expects

_PROFILE = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
_COMMAND = re.compile(r"\bbokko (?=(?:billingo|szamlazz|integrations|doctor)\b)")


class Globals(NamedTuple):
    """Options that stand before a command or after it."""

    profile: str | None = None
    sandbox: bool = False
    debug: bool = False

    def merged(self, profile: str | None, *, sandbox: bool, debug: bool) -> "Globals":
        """Return these with what was given nearer to the command."""
        return Globals(self.profile if profile is None else profile, self.sandbox or sandbox, self.debug or debug)


class Run(NamedTuple):
    """How one command runs: for whom, whether it may ask, and whether it may write."""

    options: Globals
    provider: str = "billingo"
    as_json: bool = False
    may_ask: bool = False
    is_dry_run: bool = False
    must_answer: bool = False
    """Whether the command is for its answer alone, and fails if that cannot be written."""

    @property
    def profile(self) -> str:
        """The profile's name; raises InvalidValue for one that could be a path."""
        given = self.options.profile
        name = (os.environ.get("BOKKO_PROFILE") or "default") if given is None else given
        if not _PROFILE.fullmatch(name):
            raise InvalidValue(
                "A profile's name has up to 32 lower-case letters, digits, - and _, and begins with a letter or digit.",
                fix="Give another --profile or BOKKO_PROFILE.",
            )
        return name

    def addressed(self, text: str) -> str:
        """Return a text whose commands repeat the options that this run needs."""
        repeated = "--sandbox " if self.options.sandbox else ""
        repeated += f"--profile {self.options.profile} " if self.options.profile else ""
        return _COMMAND.sub(f"bokko {repeated}", text)


def execute(run: Run, command: Callable[["Context"], ExitCode]) -> NoReturn:
    """Run a command with its Context to its exit code."""
    end(run, lambda: command(context_of(run)))


def end(run: Run, command: Callable[[], ExitCode]) -> NoReturn:
    """Run a command to its exit code; the only place that catches our errors."""
    _prepare_streams()
    sys.excepthook = partial(_report_crash, run)
    if run.options.debug:
        _log_to_standard_error()
    try:
        code = command()
    except BokkoError as error:
        code = _report(run, error)
    except (KeyboardInterrupt, EOFError):
        code = _report(run, Cancelled("Nothing was changed."))
    raise typer.Exit(code)


def _report(run: Run, error: BokkoError) -> ExitCode:
    from bokko_cli.document import as_text, error_document

    if run.options.debug:
        _print_traceback(error)
    error.fix = run.addressed(error.fix)
    error.message = run.addressed(error.message)
    voice = _voice(run._replace(must_answer=False))
    if run.as_json and not isinstance(error, AnswerLost):
        voice.answer(as_text(error_document(error)))
    elif isinstance(error, Cancelled):
        voice.say(error.message)
    else:
        voice.complain(error)
    return error.exit_code


def _report_crash(run: Run, kind: type[BaseException], error: BaseException, at: TracebackType | None) -> None:
    if run.options.debug:
        sys.__excepthook__(kind, error, at)
    _report(
        run._replace(options=run.options._replace(debug=False)), BokkoError(f"Something unforeseen: {kind.__name__}.")
    )


def _print_traceback(error: BaseException) -> None:
    import traceback

    traceback.print_exception(error, file=sys.stderr)


def _log_to_standard_error() -> None:
    import logging

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(relativeCreated)6d ms  %(name)s: %(message)s"))
    logger = logging.getLogger("bokko")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)


def _prepare_streams() -> None:
    """Make printing unable to fail: a name with letters that the stream's encoding lacks shows a `?` there."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name) or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 - for good
        setattr(sys, name, stream)
        with suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")


def context_of(run: Run) -> "Context":
    """Return what a command may touch; nothing costly is open yet."""
    from datetime import UTC, datetime

    from bokko_cli.context import Context
    from bokko_cli.deadline import Deadline
    from bokko_cli.state.folders import config_folder

    folder = config_folder(os.environ)
    deadline = Deadline()
    voice = _voice(run)
    return Context(
        environ=os.environ,
        folder=folder / "sandbox" if run.options.sandbox else folder,
        profile_name=run.profile,
        table=tables()[run.provider],
        tables=tables(),
        sandbox_url=partial(_sandbox_url, run.provider) if run.options.sandbox else None,
        voice=voice,
        clock=lambda: datetime.now(UTC).replace(microsecond=0),
        deadline=deadline,
        prompter=_prompter(run, voice, deadline.restart),
        open_provider=_OPENERS[run.provider](deadline),
        warm_up=partial(_warm_up, run.provider),
        open_secrets=partial(_open_secrets, run, folder, voice.say),
        read_first_line=partial(_read_first_line, voice.say),
        addressed=run.addressed,
    )


@cache
def _running_sandbox() -> "Server":
    from bokko_cli.sandbox.server import Sandbox as Server

    server = Server()
    server.start()
    return server


def _sandbox_url(provider: str) -> str:
    server = _running_sandbox()
    urls = {"billingo": server.billingo_url, "szamlazz": server.szamlazz_url}
    return urls[provider]


def _can_ask() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def _prompter(run: Run, voice: "StreamVoice", answered: Callable[[], None]) -> "Prompter":
    if run.may_ask and _can_ask():
        from bokko_cli.wizard.terminal import TerminalPrompter

        return TerminalPrompter(voice.say, voice.complain, answered)
    from bokko_cli.wizard.prompter import NoPrompter

    return NoPrompter()


def _open_billingo(deadline: "Deadline") -> "OpenProvider":
    def open_it(endpoint: str, key: "ApiKey", tell: Callable[[str], None]) -> "Provider":
        from bokko_cli.providers.billingo.provider import Billingo

        return Billingo(endpoint, key, deadline, tell)

    return open_it


def _open_szamlazz(deadline: "Deadline") -> "OpenProvider":
    calls = cache(_no_calls_yet)  # one command's calls count together, whichever keys it opens

    def open_it(endpoint: str, key: "ApiKey", tell: Callable[[str], None]) -> "Provider":
        from bokko_cli.providers.szamlazz.provider import Szamlazz

        return Szamlazz(endpoint, key, deadline, tell, calls())

    return open_it


def _warm_up(provider: str, endpoint: str) -> None:
    """Load what asking the provider needs while a person types the key; what goes wrong is told when it is asked."""
    from importlib import import_module
    from threading import Thread

    def load() -> None:
        import_module(f"bokko_cli.providers.{provider}.provider")
        import_module("bokko_cli.spinner")
        from bokko_cli.client import warm_up

        with suppress(BokkoError):
            warm_up(endpoint)

    Thread(target=load, daemon=True).start()


def _no_calls_yet() -> "Calls":
    from bokko_cli.providers.szamlazz.provider import Calls

    return Calls()


_OPENERS: Mapping[str, "Callable[[Deadline], OpenProvider]"] = {
    "billingo": _open_billingo,
    "szamlazz": _open_szamlazz,
}


def _open_secrets(run: Run, folder: Path, say: Callable[[str], None], storage: "Storage") -> "SecretStore":
    if storage == "file":
        from bokko_cli.state.secrets_file import SecretsFile

        home = folder / "sandbox" if run.options.sandbox else folder
        return SecretsFile(home / f"{run.profile}.secrets.toml", run.provider, _rewrite)
    from bokko_cli.state.folders import keyring_lock
    from bokko_cli.state.keyring_service import keyring_service
    from bokko_cli.state.keyring_store import ALONE_SECONDS, PRESENT_SECONDS, KeyringStore

    seconds = PRESENT_SECONDS if run.may_ask and _can_ask() and _has_screen() else ALONE_SECONDS
    lock = None if run.is_dry_run else keyring_lock()
    return KeyringStore(keyring_service(run.provider, folder), run.profile, lock, seconds, say)


def _has_screen() -> bool:
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _rewrite(path: Path, change: "Callable[[Content], Content]") -> None:
    from bokko_cli.state.writer import rewrite

    rewrite(path, change)


def _read_first_line(say: Callable[[str], None]) -> str:
    from bokko_cli.commands.keys import LONGEST_LINE, decoded_line

    if sys.stdin is None:
        return ""
    if sys.stdin.isatty():
        from getpass import getpass

        say("Waiting for the key on standard input; type or paste it, then press Enter. It is not shown.")
        return getpass("", sys.stderr)
    return decoded_line(sys.stdin.buffer.readline(LONGEST_LINE))


def _voice(run: Run) -> "StreamVoice":
    from bokko_cli.voice import StreamVoice, has_color

    return StreamVoice(
        out=sys.stdout,
        err=sys.stderr,
        has_color=has_color(sys.stderr),
        present=partial(_status_as_json if run.as_json else _status_as_panel, run),
        present_all=partial(_all_as_json if run.as_json else _all_as_page, run),
        present_rows=_rows_as_json if run.as_json else _rows_as_columns,
        must_answer=run.must_answer,
        spin=_spin if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" else None,
    )


def _status_as_json(run: Run, status: "Status") -> str:
    from bokko_cli.document import as_text, status_document

    return as_text(status_document(_addressed(run, status), tables()[status.provider]))


def _status_as_panel(run: Run, status: "Status") -> str:
    from bokko_cli.frame import framed
    from bokko_cli.render import PLAIN_GLYPHS, Glyphs, panel

    look = _look()
    glyphs = Glyphs() if look.is_unicode else PLAIN_GLYPHS
    known = tables()
    active = status.active_provider or ""
    title = known[active].title if active in known else active
    is_sandbox = run.options.sandbox
    table = known[status.provider]
    told = _addressed(run, status)
    return framed(panel(told, table, title, glyphs, is_sandbox=is_sandbox, addressed=run.addressed), look)


def _all_as_json(_run: Run, statuses: "Sequence[Status]") -> str:
    from bokko_cli.document import as_text, integrations_document

    return as_text(integrations_document(statuses))


def _all_as_page(run: Run, statuses: "Sequence[Status]") -> str:
    from bokko_cli.frame import framed
    from bokko_cli.render import PLAIN_GLYPHS, Glyphs, integrations_page

    look = _look()
    glyphs = Glyphs() if look.is_unicode else PLAIN_GLYPHS
    is_sandbox = run.options.sandbox
    return framed(integrations_page(statuses, tables(), glyphs, is_sandbox=is_sandbox, addressed=run.addressed), look)


def _rows_as_json(rows: Sequence[Mapping[str, object]]) -> str:
    from bokko_cli.document import as_text

    return as_text(rows)


def _rows_as_columns(rows: Sequence[Mapping[str, object]]) -> str:
    from bokko_cli.columns import rows_text

    return rows_text(sys.stdout, rows)


def _addressed(run: Run, status: "Status") -> "Status":
    problems = tuple(problem._replace(fix=run.addressed(problem.fix)) for problem in status.problems)
    return status._replace(problems=problems)


def _look() -> "Look":
    from bokko_cli.frame import Look
    from bokko_cli.voice import has_color, is_unicode, width_of

    return Look(width_of(sys.stdout), has_color(sys.stdout), is_unicode(sys.stdout))


def _spin(text: str) -> "AbstractContextManager[Callable[[str], None]]":
    from bokko_cli.waiting import shown_when_long

    return shown_when_long(_spin_at_once, text)


def _spin_at_once(text: str) -> "AbstractContextManager[Callable[[str], None]]":
    from bokko_cli.spinner import spinner
    from bokko_cli.voice import is_unicode

    return spinner(sys.stderr, text, is_unicode=is_unicode(sys.stderr))


def tables() -> "Mapping[str, Table]":
    """Return every provider's table, by its name in commands."""
    from bokko_cli.providers.billingo.fields import TABLE as BILLINGO
    from bokko_cli.providers.szamlazz.fields import TABLE as SZAMLAZZ

    return {table.provider: table for table in (BILLINGO, SZAMLAZZ)}
