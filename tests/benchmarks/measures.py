"""What is measured: each name gives the figures that belong together."""

import http.client
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from statistics import median
from time import perf_counter
from urllib.parse import urlsplit

from tests.benchmarks import terminal
from tests.benchmarks.clock import Work, bare, peak_megabytes, seconds_of, side_by_side, times_bare
from tests.benchmarks.table import Bound, Figure, Size
from tests.benchmarks.world import FAKE, BenchmarkWorld, many_blocks
from tests.fake_billingo import FakeBillingo
from tests.servers import Server

LATENCY = 0.2
PAGE_LATENCY = 0.05
MOST_BLOCKS = 10_000
PAGE_SIZE = 100
_ONE_AT_A_TIME = """
from bokko_cli.cli import assembly
from bokko_cli.network import client
client.AT_ONCE = 1
from bokko_cli.__main__ import main
main()
"""
_ONE_PROFILE_AT_A_TIME = """
from bokko_cli.commands import all_profiles
all_profiles.AT_ONCE = 1
from bokko_cli.__main__ import main
main()
"""
MOST_PROFILES = 1_000
LIVE_PROFILES = 40
PROFILE_LATENCY = 0.1
PEERS = ("hatch", "twine", "aws", "copier", "llm", "netlify")

Measure = Callable[[BenchmarkWorld], Iterator[Figure]]


def version(world: BenchmarkWorld) -> Iterator[Figure]:
    """`--version`, the least that a command does."""
    yield Figure("--version", times_bare(world.bokko("--version"), world.runs), bound=Bound(6.5, 1.5))


def help_pages(world: BenchmarkWorld) -> Iterator[Figure]:
    """The help of the whole, of a provider and of the longest command."""
    for page in ((), ("billingo",), ("billingo", "connect")):
        command = world.bokko(*page, "--help")
        yield Figure(" ".join((*page, "--help")), times_bare(command, world.runs), bound=Bound(8))


def completion(world: BenchmarkWorld) -> Iterator[Figure]:
    """What bash completes: `bokko bil<Tab>`, `bokko --profile d<Tab>`."""
    for what, words in (("a word", "bokko bil"), ("a profile", "bokko --profile d")):
        asked = {"_BOKKO_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
        command = world.bokko(environment=world.connected() | asked)
        yield Figure(f"completion of {what}", times_bare(command, world.runs), bound=Bound(7))


def status(world: BenchmarkWorld) -> Iterator[Figure]:
    """The readiness panel and its JSON, the secret in a file."""
    for arguments, bound in (("status",), Bound(11, 7.5)), (("status", "--json"), Bound(8, 6)):
        command = world.bokko("billingo", *arguments, environment=world.connected())
        yield Figure(f"{' '.join(arguments)}, file storage", times_bare(command, world.runs), bound=bound)


def language(world: BenchmarkWorld) -> Iterator[Figure]:
    """What Hungarian costs beyond English, which needs no catalog."""
    for arguments in (("billingo", "status"), ("--help",)):
        spoken = [
            world.bokko(*arguments, environment=world.connected() | {"BOKKO_LANG": name}) for name in ("en", "hu")
        ]
        english, hungarian, yardstick = side_by_side([*spoken, bare(world.connected())], world.runs)
        name = f"{' '.join(arguments)}, Hungarian beyond English"
        yield Figure(name, (hungarian - english) / yardstick, bound=Bound(0.5))


def status_keyring(world: BenchmarkWorld) -> Iterator[Figure]:
    """The readiness panel, the secret in a keyring."""
    with world.keyring() as (name, environment):
        command = world.bokko("billingo", "status", environment=environment)
        yield Figure(f"status, {name}", times_bare(command, world.runs), bound=Bound(17, 12))


def connect(world: BenchmarkWorld) -> Iterator[Figure]:
    """A connect with flags: what it costs by itself, and how many answers it waits for one after another."""
    with Server(FAKE.answer) as quick, Server(FakeBillingo(latency=LATENCY).answer) as slow:
        commands = [world.connect(quick), world.connect(slow), bare(world.environment())]
        at_none, at_latency, yardstick = side_by_side(commands, world.runs)
    round_trips = (at_latency - at_none) / LATENCY
    yield Figure("connect with flags, latency paid", round_trips, "round trips", Bound(1.2))
    yield Figure("connect with flags, no latency", at_none / yardstick, bound=Bound(27))


def wizard(world: BenchmarkWorld) -> Iterator[Figure]:
    """What a person waits for: the first question, and the first list after the key."""
    pairs = [
        (terminal.first_question_seconds(world), seconds_of(bare(world.environment()))) for _ in range(world.runs + 1)
    ]
    asked, yardstick = (median(times[1:]) for times in zip(*pairs, strict=True))
    yield Figure("wizard, start to first question", asked / yardstick, bound=Bound(22))
    with Server(FakeBillingo(latency=LATENCY).answer) as server:
        waited = median(terminal.first_list_seconds(world, server) for _ in range(world.runs))
    yield Figure("wizard, key to first list", waited / LATENCY, "round trips", Bound(1.25))


def blocks(world: BenchmarkWorld) -> Iterator[Figure]:
    """Ten thousand blocks in a hundred pages, against the same command with one request after another."""
    with Server(many_blocks(MOST_BLOCKS, PAGE_LATENCY).answer) as server:
        command = _list_blocks(world, server)
        for_people = replace(command, argv=tuple(word for word in command.argv if word != "--json"))
        commands = [command, one_at_a_time(command), for_people]
        took, one_after_another, in_columns = side_by_side(commands, world.runs)
        busiest = server.busiest
        one_page = median(_page_seconds(server) for _ in range(world.runs))
    yield Figure(f"{MOST_BLOCKS:,} blocks, over one page after another", took / one_after_another, "", Bound(0.2))
    # Stricter, since nothing starts, decodes or prints there: for comparing runs, and no bound of its own.
    yield Figure(f"{MOST_BLOCKS:,} blocks, over the round trips alone", took / (one_page * MOST_BLOCKS / PAGE_SIZE), "")
    yield Figure(f"{MOST_BLOCKS:,} blocks, in columns over as JSON", in_columns / took, "")
    yield Figure(f"{MOST_BLOCKS:,} blocks, requests at once", busiest, "", Bound(8))


def one_at_a_time(command: Work) -> Work:
    """Return a run of the installed command that has one request under way at most, and is the same otherwise."""
    return replace(command, argv=(sys.executable, "-c", _ONE_AT_A_TIME, *command.argv[1:]))


def all_profiles(world: BenchmarkWorld) -> Iterator[Figure]:
    """One provider in a thousand profiles, as they are stored, against a single one."""
    with Server(FAKE.answer) as server:
        environment = world.profiles("many", MOST_PROFILES, server)
    alone = world.bokko("billingo", "status", "--json", environment=environment)
    everybody = world.bokko("billingo", "status", "--all-profiles", "--json", environment=environment)
    one, all_of_them = side_by_side([alone, everybody], world.runs)
    yield Figure(f"{MOST_PROFILES:,} profiles, over one", all_of_them / one, "", Bound(15))
    peak = peak_megabytes(everybody, world.runs)
    yield Figure(f"{MOST_PROFILES:,} profiles, peak memory", peak, "MB", Bound(60))


def live_profiles(world: BenchmarkWorld) -> Iterator[Figure]:
    """Forty profiles asked live, without the start, against the same command with one after another."""
    with Server(FakeBillingo(latency=PROFILE_LATENCY).answer) as slow, Server(FAKE.answer) as quick:
        commands = [_check(world, slow, LIVE_PROFILES), _check(world, quick, 1)]
        commands.append(
            replace(commands[0], argv=(sys.executable, "-c", _ONE_PROFILE_AT_A_TIME, *commands[0].argv[1:]))
        )
        took, start, one_after_another = side_by_side(commands, world.runs)
        busiest = slow.busiest
    share = (took - start) / one_after_another
    yield Figure(f"{LIVE_PROFILES} profiles live, over one after another", share, "", Bound(0.2))
    yield Figure(f"{LIVE_PROFILES} profiles live, requests at once", busiest, "", Bound(24))


def _check(world: BenchmarkWorld, server: Server, count: int) -> Work:
    environment = world.profiles(f"live-{count}", count, server)
    return world.bokko("billingo", "status", "--all-profiles", "--check", "--json", environment=environment)


def filtering(world: BenchmarkWorld) -> Iterator[Figure]:
    """A key typed into a list of ten thousand, to the narrowed list on the screen."""
    with Server(many_blocks(MOST_BLOCKS).answer) as server:
        pairs = [terminal.filter_seconds(world, server) for _ in range(world.runs)]
    first, later = (median(times) * 1000 for times in zip(*pairs, strict=True))
    yield Figure(f"filter of {MOST_BLOCKS:,}, first key", first, "ms", Bound(170))
    yield Figure(f"filter of {MOST_BLOCKS:,}, later key", later, "ms", Bound(50))


def memory(world: BenchmarkWorld) -> Iterator[Figure]:
    """The most memory held at a time, by the least and by the most that is asked for."""
    command = world.bokko("billingo", "status", environment=world.connected())
    yield Figure("status, peak memory", peak_megabytes(command, world.runs), "MB", Bound(45))
    with Server(many_blocks(MOST_BLOCKS).answer) as server:
        peak = peak_megabytes(_list_blocks(world, server), world.runs)
    yield Figure(f"{MOST_BLOCKS:,} blocks, peak memory", peak, "MB", Bound(90))


MEASURES: Mapping[str, Measure] = {
    "version": version,
    "help": help_pages,
    "completion": completion,
    "status": status,
    "language": language,
    "status-keyring": status_keyring,
    "connect": connect,
    "wizard": wizard,
    "blocks": blocks,
    "profiles": all_profiles,
    "live-profiles": live_profiles,
    "filter": filtering,
    "memory": memory,
}


def peers(world: BenchmarkWorld) -> Iterator[Figure]:
    """The help of other people's commands, whichever are installed; they get the caller's own environment."""
    for peer in PEERS:
        found = shutil.which(peer)
        if found:
            command = Work((found, "--help"), dict(os.environ), must_succeed=False)
            yield Figure(f"{peer} --help", times_bare(command, world.runs))


def blocks_growth(world: BenchmarkWorld) -> Iterator[Size]:
    """`blocks --json` over ever longer lists."""
    for count in (10, 100, 1_000, MOST_BLOCKS):
        with Server(many_blocks(count).answer) as server:
            yield _size(world, count, _list_blocks(world, server))


def profiles_growth(world: BenchmarkWorld) -> Iterator[Size]:
    """`integrations` with ever more profiles beside the one that it reads."""
    environment = world.connected()
    command = world.bokko("integrations", environment=environment)
    profile = (world.folder / "connected" / "default.toml").read_bytes()
    for count in (1, 10, 100, 1_000):
        for number in range(1, count):
            (world.folder / "connected" / f"profile-{number}.toml").write_bytes(profile)
        yield _size(world, count, command)


GROWTH: Mapping[str, tuple[str, Callable[[BenchmarkWorld], Iterator[Size]]]] = {
    "growth-blocks": ("blocks", blocks_growth),
    "growth-profiles": ("profiles", profiles_growth),
}


def _size(world: BenchmarkWorld, count: int, command: Work) -> Size:
    return Size(count, times_bare(command, world.runs), peak_megabytes(command, world.runs))


def _list_blocks(world: BenchmarkWorld, server: Server) -> Work:
    environment = world.environment("listing", server) | {"BOKKO_BILLINGO_API_KEY": FAKE.key}
    return world.bokko("billingo", "blocks", "--json", environment=environment)


def _page_seconds(server: Server) -> float:
    """Return what one page takes over a connection of its own, by the standard library alone."""
    start = perf_counter()
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    connection.request("GET", f"/v3/document-blocks?page=1&per_page={PAGE_SIZE}")
    connection.getresponse().read()
    took = perf_counter() - start
    connection.close()
    return took
