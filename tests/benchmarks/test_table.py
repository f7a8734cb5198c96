"""The benchmark's own sums: verdicts, ratios and the shape of its tables; no time is asserted."""

import os
import subprocess
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.benchmarks.__main__ import main
from tests.benchmarks.clock import (
    CommandFailedError,
    Work,
    bare,
    peak_megabytes,
    seconds_of,
    side_by_side,
    times_bare,
)
from tests.benchmarks.measures import one_at_a_time
from tests.benchmarks.table import Bound, Figure, Size, figures_table, growth_table
from tests.benchmarks.terminal import wizard
from tests.benchmarks.world import FAKE, BenchmarkWorld, many_blocks
from tests.servers import Server


@pytest.mark.parametrize(
    ("value", "verdict"), [(5.9, "beyond"), (6, "beyond"), (6.1, "ok"), (9.5, "ok"), (9.51, "over")]
)
def test_a_figure_at_its_bound_is_within_it(value: float, verdict: str) -> None:
    assert Bound(9.5, 6).verdict(value) == verdict


def test_without_anything_beyond_a_figure_is_never_more_than_ok() -> None:
    assert Bound(8).verdict(0) == "ok"


def test_the_table_shows_each_figure_beside_its_bounds() -> None:
    figures = [
        Figure("status", 9, bound=Bound(10, 6)),
        Figure("memory", 100, "MB", Bound(80)),
        Figure("share", 0.125, "", Bound(0.2)),
        Figure("aws --help", 29.04),
    ]
    assert figures_table(figures).splitlines() == [
        "| what       |  measured | bound | of bound | beyond | of beyond | verdict |",
        "| ---------- | --------- | ----- | -------- | ------ | --------- | ------- |",
        "| status     |     9.00× |    10 |     0.90 |      6 |      1.50 |      ok |",  # noqa: RUF001 -- the sign is meant
        "| memory     | 100.00 MB |    80 |     1.25 |        |           |    over |",
        "| share      |      0.12 |   0.2 |     0.62 |        |           |      ok |",
        "| aws --help |    29.04× |       |          |        |           |         |",  # noqa: RUF001 -- the same
    ]


def test_growth_is_shown_over_the_size_before() -> None:
    assert growth_table("blocks", [Size(100, 20, 40), Size(1_000, 30, 50)]).splitlines() == [
        "| blocks |   time | over the row above | peak memory | over the row above |",
        "| ------ | ------ | ------------------ | ----------- | ------------------ |",
        "| 100    | 20.00× |                    |    40.00 MB |                    |",  # noqa: RUF001 -- the sign is meant
        "| 1,000  | 30.00× |               1.50 |    50.00 MB |               1.25 |",  # noqa: RUF001 -- the same
    ]


def test_commands_take_turns_after_one_round_for_warmth() -> None:
    order: list[str] = []
    commands = [replace(bare({}), before=partial(order.append, name)) for name in "AB"]
    assert all(seconds > 0 for seconds in side_by_side(commands, runs=2))
    assert "".join(order) == "ABABAB"


def test_more_work_is_more_times_a_bare_interpreter() -> None:
    work = Work((sys.executable, "-c", "import time; time.sleep(0.3)"), {})
    assert times_bare(work, runs=3) > 1


def test_memory_of_the_measuring_process_is_not_counted() -> None:
    ballast = bytearray(b"x" * 200_000_000)
    assert 1 < peak_megabytes(bare({}), runs=1) < 60
    assert ballast


def test_memory_that_a_command_held_is_counted() -> None:
    work = Work((sys.executable, "-c", "len(bytearray(b'x') * 100_000_000)"), {})
    assert 100 < peak_megabytes(work, runs=1) < 160


def test_the_world_is_put_in_order_before_each_run(tmp_path: Path) -> None:
    folder = tmp_path / "new"
    command = Work((sys.executable, "-c", f"import os; os.rmdir({str(folder)!r})"), {}, before=folder.mkdir)
    for _ in range(2):
        seconds_of(command)


def test_a_command_that_fails_has_no_time() -> None:
    broken = Work((sys.executable, "-c", "raise SystemExit('out of ink')"), {})
    with pytest.raises(CommandFailedError, match="out of ink"):
        seconds_of(broken)
    with pytest.raises(CommandFailedError, match="out of ink"):
        peak_megabytes(broken, runs=1)


def test_a_run_over_its_bound_is_no_failure(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--runs", "1", "--only", "version"]) == 0
    assert "| --version |" in capsys.readouterr().out


def test_the_wizard_is_measured_from_the_first_step_of_a_new_process(tmp_path: Path) -> None:
    with wizard(BenchmarkWorld(tmp_path, runs=1)) as terminal:
        assert os.waitid(os.P_PID, terminal.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def test_one_at_a_time_is_the_same_command_with_one_request_under_way(tmp_path: Path) -> None:
    world = BenchmarkWorld(tmp_path, runs=1)
    ran, busiest = [], []
    for change in (lambda command: command, one_at_a_time):
        with Server(many_blocks(1_000, latency=0.02).answer) as server:
            environment = world.environment("listing", server) | {"BOKKO_BILLINGO_API_KEY": FAKE.key}
            command = change(world.bokko("billingo", "blocks", "--json", environment=environment))
            ran.append(subprocess.check_output(command.argv, env=command.environment, stderr=subprocess.DEVNULL))
            busiest.append(server.busiest)
    assert ran[0] == ran[1]
    assert ran[0].count(b"\n") > 1_000
    assert busiest[0] > busiest[1] == 1
