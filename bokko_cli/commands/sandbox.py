"""`sandbox`: serve the embedded sandbox for other programs."""

from typing import TextIO

from bokko_cli.errors import ExitCode, InvalidValue
from bokko_cli.sandbox.server import KEYS, Sandbox

_HIGHEST_PORT = 65535


def run(port: str, out: TextIO) -> ExitCode:
    """Print addresses and keys, then serve until Ctrl-C; raises InvalidValue for a port that cannot be had."""
    try:
        sandbox = Sandbox(_number(port))
    except OSError as error:
        raise InvalidValue(f"Port {port} cannot be had: {error.strerror}.", fix="Give another --port.") from error
    with sandbox:
        out.write(_introduction(sandbox))
        out.flush()
        try:
            sandbox.serve()
        except KeyboardInterrupt:
            out.write("\nThe sandbox has stopped.\n")
    return ExitCode.DONE


def _number(port: str) -> int:
    if not (port.isascii() and port.isdigit() and int(port) <= _HIGHEST_PORT):
        raise InvalidValue(f"--port must be a number up to {_HIGHEST_PORT}.", fix="Give another --port.")
    return int(port)


def _introduction(sandbox: Sandbox) -> str:
    lines = [
        "The sandbox is running on this machine only. Ctrl-C stops it.",
        "",
        f"  Billingo      {sandbox.billingo_url}",
        f"  Számlázz.hu   {sandbox.szamlazz_url}",
        "",
        "Keys choose what happens:",
        "",
    ]
    for provider, keys in KEYS.items():
        lines += [f"  {provider}", *(f"    {key:<20} {shows}" for key, shows in keys.items()), ""]
    return "\n".join(lines)
