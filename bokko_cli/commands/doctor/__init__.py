"""`doctor`: what support asks first; each subject has a module, and a failure in one does not end the others."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from bokko_cli.commands.doctor import connections, environment, keyring, leftovers, network, program, settings
from bokko_cli.commands.doctor.installation import Installation, homes_of
from bokko_cli.commands.doctor.keyring import Answering
from bokko_cli.commands.doctor.leftovers import Search
from bokko_cli.commands.doctor.stored import Stored, all_stored, statuses
from bokko_cli.commands.shared.many import At, one_of_many
from bokko_cli.context import Context
from bokko_cli.errors import EndpointRefused, ExitCode, KeyMissing
from bokko_cli.model.endpoint import checked_endpoint, is_same_endpoint
from bokko_cli.model.public_findings import exit_code_of_findings, host, identifier, well, wrong
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import Item, Section, Slot, Storage
from bokko_cli.model.wording import N_
from bokko_cli.network.probe import Way, probe

_MOST_ADDRESSES = 3


@dataclass(frozen=True, slots=True)
class Options:
    """Flags of `doctor`."""

    offline: bool = False


def run(ctx: Context, options: Options) -> ExitCode:
    """Show what is found as it is found; changes nothing, and sends no key anywhere."""
    found = []
    for item in examined(ctx, options):
        ctx.output.found(item)
        found.append(item)
    ctx.output.show_diagnosis(found)
    return exit_code_of_findings(found)


def examined(ctx: Context, options: Options) -> Iterator[Item]:
    """Look at one subject after another; a keyring that failed is not asked again."""
    at = one_of_many(ctx)
    around = Installation(ctx.environ, ctx.folder, ctx.specs, homes_of(), ctx.is_sandbox)
    about_program = [*_guarded("program", program.items)]
    yield from about_program
    has_threads = all(item.level == "ok" for item in about_program)
    yield from _guarded("environment", partial(environment.items, around))
    yield from _guarded("settings", partial(settings.items, around))
    every = all_stored(ctx, at)
    answers: list[Answering] = []
    if has_threads:
        yield from _guarded("keyring", partial(_keyring, ctx, at, every, answers.append))
        yield from _guarded("network", partial(_network, ctx, options, every))
    else:
        yield from (_without_threads("keyring"), _without_threads("network"))
    answering = next(iter(answers), None)
    yield from _guarded("connections", lambda: connections.items(around, [*statuses(every)], every.unread))
    yield from _guarded("leftovers", partial(_leftovers, at, around, every, answering))


def _guarded(section: Section, items: Callable[[], Iterable[Item]]) -> Iterator[Item]:
    try:
        yield from items()
    except Exception as error:  # noqa: BLE001 - whatever breaks one subject is a finding; it must not hide the others
        yield wrong(
            section,
            "unforeseen",
            N_("This check could not be completed ({error}).", error=identifier(type(error).__name__)),
            N_("First do what the other items say. If this one remains, report it."),
        )


def _without_threads(section: Section) -> Item:
    return wrong(
        section,
        "threads",
        N_("Not asked: the system does not let bokko start a thread for it."),
        N_("Raise the limit on processes, as is said under Program, then try again."),
    )


def _keyring(ctx: Context, at: At, every: Stored, keep: Callable[[Answering], None]) -> Iterator[Item]:
    if ctx.is_sandbox:
        yield well("keyring", "answer", N_("Not asked: the sandbox keeps its keys in a file."))
        return
    store = at(next(iter(ctx.specs)), ctx.profile_name).open_secrets("keyring")
    with ctx.output.busy(N_("Asking the keyring…")):
        answering = keyring.asked(lambda: store.read("a"))
    keep(answering)
    is_named = bool(ctx.environ.get("PYTHON_KEYRING_BACKEND"))
    yield keyring.item(answering, every.need_of_keyring, is_named=is_named)


def _network(ctx: Context, options: Options, every: Stored) -> Iterator[Item]:
    if options.offline:
        yield well("network", "offline", N_("Not asked (--offline)."))
        return
    ways = [(spec, address) for spec in ctx.specs.values() for address in _addresses(ctx, spec, every)]

    def ask(address: str) -> Way:
        with ctx.output.busy(N_("Asking {host}…", host=host(address))):
            return probe(address)

    yield from network.items(ways, ask)


def _addresses(ctx: Context, spec: Spec, every: Stored) -> list[str]:
    """Return where requests to a provider would go: to what a variable names, and to the stored endpoints."""
    stored = [] if ctx.is_sandbox else every.endpoints(spec.provider)
    named = _address(ctx, spec)
    others = [one for one in stored if not is_same_endpoint(one, named)]
    is_usual = named == spec.endpoint
    return [*([] if others and is_usual and len(others) == len(stored) else [named]), *others][:_MOST_ADDRESSES]


def _address(ctx: Context, spec: Spec) -> str:
    """Return the address that a connect would go to; a variable that cannot be used has an item of its own."""
    if ctx.sandbox_url:
        return ctx.sandbox_url(spec)
    named = ctx.environ.get(spec.url_variable, "")
    try:
        return checked_endpoint(named, spec.url_variable) if named.strip() else spec.endpoint
    except EndpointRefused:
        return spec.endpoint


def _leftovers(at: At, around: Installation, every: Stored, answering: Answering | None) -> Iterator[Item]:
    storages: tuple[Storage, ...] = ("keyring", "file") if answering and not answering.failure else ("file",)

    def holds(provider: str, profile: str, storage: Storage, slot: Slot) -> bool:
        try:
            return at(provider, profile).open_secrets(storage).read(slot) is not None
        except KeyMissing:  # no key, but something
            return True

    return leftovers.items(around, Search(every.files, every.places, every.unread, storages, holds))
