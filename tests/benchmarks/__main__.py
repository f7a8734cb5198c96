"""The script: measures what is asked for and prints it; asserts no time."""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from tests.benchmarks.clock import CommandFailedError
from tests.benchmarks.measures import GROWTH, MEASURES, peers
from tests.benchmarks.table import Figure, figures_table, growth_table
from tests.benchmarks.world import BenchmarkWorld

USUAL_RUNS = 15


def main(argv: Sequence[str] | None = None) -> int:
    """Print the tables; 1 only where a command failed, however long they all took."""
    options = _options(argv)
    names = options.only or [*MEASURES, *GROWTH]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        world = BenchmarkWorld(Path(folder), options.runs)
        try:
            print(f"{_machine()}, {options.runs} runs\n")  # noqa: T201 -- the answer of a script
            _print_all(world, names, with_peers=options.peers)
        except CommandFailedError as error:
            _say(str(error))
            return 1
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=USUAL_RUNS, help=f"how often each is measured ({USUAL_RUNS})")
    parser.add_argument("--peers", action="store_true", help="also `--help` of other commands, where installed")
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=[*MEASURES, *GROWTH], help="%(choices)s")
    return parser.parse_args(argv)


def _print_all(world: BenchmarkWorld, names: Collection[str], *, with_peers: bool) -> None:
    figures = list(_figures(world, names, with_peers=with_peers))
    if figures:
        print(figures_table(figures))  # noqa: T201 -- the same
    for name, (what, sizes) in GROWTH.items():
        if name in names:
            _say(name)
            print(f"\n{growth_table(what, list(sizes(world)))}")  # noqa: T201 -- the same


def _figures(world: BenchmarkWorld, names: Collection[str], *, with_peers: bool) -> Iterator[Figure]:
    for name, measure in MEASURES.items():
        if name in names:
            _say(name)
            yield from measure(world)
    if with_peers:
        _say("peers")
        yield from peers(world)


def _machine() -> str:
    """Say on what it was measured; with more load than processors every ratio is too high."""
    return f"Python {platform.python_version()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"


def _say(text: str) -> None:
    print(text, file=sys.stderr)  # noqa: T201 -- how far it is


if __name__ == "__main__":
    sys.exit(main())
