"""`exec`: run a program with key and settings in its environment, and nowhere else; only while everything is ready."""

import errno
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from bokko_cli.commands.shared import endpoints, keys, statuses
from bokko_cli.commands.shared.connected import connected
from bokko_cli.commands.shared.process import become, path_of
from bokko_cli.context import Scope
from bokko_cli.errors import BokkoError, ExitCode, InvalidValue, NotReady, StorageFailed
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.endpoint import refuse_to_leave
from bokko_cli.model.readiness.state import exit_code_of
from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.values import Connection, Status
from bokko_cli.model.wording import N_
from bokko_cli.store.profile import settings_path

_CANNOT_RUN, _NOT_FOUND = 126, 127
"""What a shell ends with where a program cannot be started, and where there is none."""


@dataclass(frozen=True, slots=True)
class Options:
    """The program and its arguments."""

    program: list[str]


def run(scope: Scope, options: Options) -> ExitCode:
    """Become the program; where something is not ready, say what, and start nothing."""
    if scope.is_sandbox:
        raise InvalidValue(
            N_("exec does not work with --sandbox, since that sandbox ends with the command."),
            fix=N_("Run bokko sandbox, and connect another --profile to it."),
        )
    connection = connected(scope)
    stored = keys.stored_key(scope, connection)
    status = statuses.with_key(scope, scope.load().active_provider, connection, stored)
    code = exit_code_of(status)
    if isinstance(stored, StorageFailed) or code is not ExitCode.DONE:
        _say_why_not(scope, status, code)
        return code
    endpoint = endpoints.for_stored_key(scope, stored)
    refuse_to_leave(stored.key, endpoint)
    keys.mention_unused_variable(scope, stored.storage)
    return _start(scope, options.program, _environment(scope, stored.connection, endpoint, stored.key))


def _start(scope: Scope, program: Sequence[str], environment: Mapping[str, str]) -> NoReturn:
    """Become the program, or end as a shell does that cannot start one."""
    try:
        become(program, environment)
    except (FileNotFoundError, NotADirectoryError):  # the second where something in the PATH is no folder
        scope.output.report(_not_found(program[0], environment))
        raise SystemExit(_NOT_FOUND) from None
    except OSError as error:
        scope.output.report(_not_started(program[0], error))
        raise SystemExit(_CANNOT_RUN) from None
    except ValueError:
        scope.output.report(_not_taken(scope, environment))
        raise SystemExit(_CANNOT_RUN) from None


def _say_why_not(scope: Scope, status: Status, code: ExitCode) -> None:
    if status.state == "inactive":
        message = N_("{provider} is not the active provider, so nothing was started.", provider=scope.spec.title)
        scope.output.report(NotReady(message, code, "inactive", fix=scope.command("activate")))
    for problem in status.problems:
        if problem.level == "error":
            scope.output.report(NotReady(problem.message, code, problem.code, fix=problem.fix))
        else:
            scope.output.warn(problem.message)


def _environment(scope: Scope, connection: Connection, endpoint: str, key: ApiKey) -> Mapping[str, str]:
    """Return the caller's environment with ours in it; what is not set is left out, also where the caller had it."""
    spec = scope.spec
    begin = spec.url_variable.removesuffix("URL")
    ours = {
        "BOKKO_PROFILE": scope.profile_name,
        spec.key_variable: key.reveal(),
        spec.url_variable: endpoint,
        f"{begin}INVOICE_MODE": connection.invoice_mode,
        **{f"{begin}{end}": value for end, value in spec.variables(connection.settings).items()},
    }
    return {name: value for name, value in {**scope.environ, **ours}.items() if value is not None}


def _not_found(program: str, environment: Mapping[str, str]) -> BokkoError:
    if not program:
        return InvalidValue(N_("The name of the program is empty."), fix=N_("Name the program to run: exec -- PROGRAM"))
    if path_of(program, environment):
        return InvalidValue(
            N_("{program} cannot be started: the program that runs it is missing.", program=program),
            fix=N_("Check its first line, which names that program after #!."),
        )
    return InvalidValue(N_("There is no program {program}.", program=program), fix=N_("Check its name and the PATH."))


def _not_started(program: str, error: OSError) -> BokkoError:
    message = N_("{program} cannot be started: {reason}.", program=program, reason=reason_of(error))
    if error.errno == errno.ENOEXEC:
        fix = N_("If it is a script, its first line must name the program that runs it, for example #!/bin/sh.")
        return InvalidValue(message, fix=fix)
    return InvalidValue(message, fix=N_("Check that it is a program and that you may run it."))


def _not_taken(scope: Scope, environment: Mapping[str, str]) -> BokkoError:
    """Return the error for a value that no environment takes, which only a file written by hand can hold."""
    names = sorted(name for name, value in environment.items() if "\0" in value)
    return InvalidValue(
        N_("The value of {names} has a NUL character, which no program can be given.", names=", ".join(names)),
        fix=N_("Correct it in {file}.", file=str(settings_path(scope.folder, scope.profile_name))),
    )
