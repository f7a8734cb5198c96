"""`sandbox`: serve the embedded sandbox for other programs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bokko_cli.context import Context
from bokko_cli.deadline import NO_THREAD, NO_THREAD_FIX
from bokko_cli.errors import ExitCode, InvalidValue, Unreachable
from bokko_cli.model.spec import Spec
from bokko_cli.model.system_errors import reason_of
from bokko_cli.model.wording import N_, lines, marked
from bokko_cli.sandbox.server import KEYS, Sandbox

_HIGHEST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Options:
    """Flags of `sandbox`."""

    port: str = "0"


def run(ctx: Context, options: Options) -> ExitCode:
    """Print addresses and keys, then serve until Ctrl-C; raises InvalidValue for a port that is not available."""
    port = options.port
    try:
        sandbox = Sandbox(_number(port))
    except OSError as error:
        raise InvalidValue(
            N_("Port {port} is not available: {reason}.", port=str(port), reason=reason_of(error)),
            fix=N_("Choose another --port."),
        ) from error
    try:
        sandbox.start()
    except RuntimeError:
        raise Unreachable(NO_THREAD, fix=NO_THREAD_FIX) from None
    with sandbox:
        ctx.output.explain(_introduction(sandbox.url, ctx.specs))
        try:
            sandbox.serve()
        except KeyboardInterrupt:
            ctx.output.explain(lines("", N_("The sandbox has stopped.")))
    return ExitCode.DONE


def _number(port: str) -> int:
    if not (port.isascii() and port.isdigit() and int(port) <= _HIGHEST_PORT):
        raise InvalidValue(
            N_("--port must be a number up to {most}.", most=str(_HIGHEST_PORT)), fix=N_("Choose another --port.")
        )
    return int(port)


def _introduction(url: str, specs: Mapping[str, Spec]) -> str:
    widest = max(len(spec.title) for spec in specs.values())
    return lines(
        N_("The sandbox is running on this machine only. Ctrl-C stops it."),
        "",
        *(f"  {spec.title:<{widest}}   {url}{spec.sandbox_path}" for spec in specs.values()),
        "",
        N_("The key decides what happens:"),
        *(line for provider, keys in KEYS.items() for line in _keys(provider, keys)),
        "",
    )


def _keys(provider: str, keys: Mapping[str, str]) -> Iterator[str]:
    yield from ("", f"  {provider}")
    yield from (N_("    {key:<20} {shows}", key=key, shows=marked(shows)) for key, shows in keys.items())
