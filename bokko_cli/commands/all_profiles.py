"""`status --all-profiles`: one provider in every profile that has it; a profile that fails never hides another."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial

from bokko_cli.commands.shared.many import At, one_of_many
from bokko_cli.commands.shared.statuses import checked, stored
from bokko_cli.context import Scope
from bokko_cli.deadline import Deadline
from bokko_cli.errors import BokkoError, ExitCode
from bokko_cli.model.readiness.state import exit_code_of
from bokko_cli.model.values import Status, Unread
from bokko_cli.model.wording import N_, lines, plural
from bokko_cli.network.parallel import as_they_come
from bokko_cli.store.profile import settings_path
from bokko_cli.store.profiles import profile_names

AT_ONCE = 8
_WORST_FIRST = (ExitCode.STORAGE, ExitCode.REFUSED, ExitCode.NOT_READY, ExitCode.UNREACHABLE, ExitCode.DONE)
_AS_LONG_AS_IT_TAKES = 86400.0
"""Seconds; each profile has a deadline of its own."""

ProfileStatus = Status | Unread | None
"""`None` is a profile without this provider."""


@dataclass(frozen=True, slots=True)
class Options:
    """Flags of `status` with `--all-profiles`."""

    check: bool = False


def run(scope: Scope, options: Options) -> ExitCode:
    """Show the provider's status in every profile; Ctrl-C shows those that are known by then."""
    names = profile_names(scope.folder)
    known: dict[int, ProfileStatus] = {}
    code = None
    try:
        _look(scope, names, known, check=options.check)
    except KeyboardInterrupt:
        code = ExitCode.CANCELLED
    seen = [one for _, one in sorted(known.items()) if one]
    scope.output.show_connections(seen, scope.spec)
    if code:
        missing = [name for position, name in enumerate(names) if position not in known]
        stopped = plural(
            "Stopped: 1 profile was not checked.", "Stopped: {count} profiles were not checked.", len(missing)
        )
        scope.output.warn(lines(stopped, N_("    {row}", row=", ".join(missing))) if missing else stopped)
        return code
    if not seen:
        message = N_(
            "{provider} is not connected in any profile. Connect it: {command}",
            provider=scope.spec.title,
            command=scope.command("connect"),
        )
        scope.output.say(message)
    return worst_code(seen)


def worst_code(seen: Sequence[Status | Unread]) -> ExitCode:
    """Return the worst exit code of all; without any, that of a provider which is not connected."""
    codes = {one.error.exit_code if isinstance(one, Unread) else exit_code_of(one) for one in seen}
    if not codes:
        return ExitCode.NOT_CONNECTED
    return next((code for code in _WORST_FIRST if code in codes - {ExitCode.DONE}), max(codes))


def _look(scope: Scope, names: Sequence[str], known: dict[int, ProfileStatus], *, check: bool) -> None:
    """Fill in what each profile turns out to be, by its position."""
    at = one_of_many(scope.run)
    calls = [partial(_seen, at, scope.spec.provider, name, check=check) for name in names]
    if not check:  # reading a file is quicker than starting a thread for it
        for position, call in enumerate(calls):
            known[position] = call()
        return
    asking = N_("Asking {provider}…", provider=scope.spec.title)
    everybody = as_they_come(calls, Deadline(_AS_LONG_AS_IT_TAKES), AT_ONCE)
    with scope.output.counted(asking, len(calls)) as count, closing(everybody) as outcomes:
        for position, outcome in outcomes:
            if isinstance(outcome, BokkoError):
                raise outcome
            known[position] = outcome
            count()


def _seen(at: At, provider: str, name: str, *, check: bool) -> ProfileStatus:
    scope = at(provider, name)
    try:
        profile = scope.load()
        connection = profile.connection(scope.spec)
        look = checked if check else stored
        return look(scope, profile.active_provider, connection) if connection else None
    except BokkoError as error:
        return Unread(name, error, settings_path(scope.folder, name))
