"""The way to each provider, without any key, and this computer's clock beside theirs."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from bokko_cli.errors import BokkoError, EndpointRefused, InvalidValue
from bokko_cli.model.endpoint import is_loopback
from bokko_cli.model.public_findings import Harmless, doubtful, host, identifier, title, well, wrong
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import Item
from bokko_cli.model.wording import N_, Sentence, plural
from bokko_cli.network.probe import Failure, Stage, Way, probe

Probe = Callable[[str], Way]
_FAR_OFF = 300.0
_SERVER_TROUBLE = 500
_WAY_FIX = N_("Check the network and the firewall; behind a company's proxy, set HTTPS_PROXY.")
_CLOCK_FIX = N_("Set this computer's clock: turn on its automatic time, then try again.")


def items(addresses: Sequence[tuple[Spec, str]], ask: Probe = probe) -> Iterator[Item]:
    """Go to each address, and compare the clocks of those that told the time."""
    offsets = []
    named: Counter[str] = Counter()
    for spec, address in addresses:
        named[spec.provider] += 1
        number = named[spec.provider]
        name = spec.provider if number == 1 else f"{spec.provider}.{number}"
        try:
            way = ask(address)
        except BokkoError as error:
            yield _unusable(name, spec, error)
            continue
        yield from _on_the_way(name, spec, address, way)
        if way.offset is not None:
            offsets.append(way.offset)
    if offsets:
        yield clock(offsets)


def clock(offsets: list[float]) -> Item:
    """Compare this computer's clock with the servers'; where they disagree, one of theirs is wrong."""
    far = [offset for offset in offsets if abs(offset) > _FAR_OFF]
    if not far:
        return well("network", "clock", N_("This computer's clock agrees with the servers'."))
    minutes = round(abs(far[0]) / 60)
    if len(far) < len(offsets):
        return doubtful(
            "network",
            "clock",
            plural(
                "One server's clock differs from this computer's by a minute, but another's agrees.",
                "One server's clock differs from this computer's by {count} minutes, but another's agrees.",
                minutes,
            ),
            N_("Check this computer's clock; if it is right, tell the provider."),
        )
    return wrong("network", "clock", _clock_message(minutes, is_ahead=far[0] > 0), _CLOCK_FIX)


def _clock_message(minutes: int, *, is_ahead: bool) -> Sentence:
    if is_ahead:
        return plural(
            "This computer's clock is a minute ahead of the servers'.",
            "This computer's clock is {count} minutes ahead of the servers'.",
            minutes,
        )
    return plural(
        "This computer's clock is a minute behind the servers'.",
        "This computer's clock is {count} minutes behind the servers'.",
        minutes,
    )


def _unusable(name: str, spec: Spec, error: BokkoError) -> Item:
    """Say what keeps a request from being made at all; the error's own text may quote a variable."""
    if isinstance(error, EndpointRefused):
        message = N_("{provider} was not asked: its address cannot be used.", provider=title(spec.title))
        fix = N_("Correct or unset the variable that the environment section names.")
    elif isinstance(error, InvalidValue) and error.variable:
        name_of_it = identifier(error.variable)
        message = N_(
            "{provider} was not asked: the value of {name} cannot be used.", provider=title(spec.title), name=name_of_it
        )
        fix = N_("Correct {name}, or unset it.", name=name_of_it)
    else:
        message = N_(
            "{provider} was not asked: the proxy or the certificates that are set cannot be used.",
            provider=title(spec.title),
        )
        fix = N_("Set HTTPS_PROXY to an http:// proxy, or SSL_CERT_FILE to this system's certificates.")
    return wrong("network", f"{name}.name", message, fix)


def _on_the_way(name: str, spec: Spec, address: str, way: Way) -> Iterator[Item]:
    where = host(address)
    if way.proxy is not None:
        yield well("network", f"{name}.proxy", _through(where, way.proxy))
    for stage in way.passed:
        yield _passed(f"{name}.{stage}", spec, stage, where, way)
    if way.fault:
        yield _failed(name, spec, address, way, way.fault)


def _through(where: Harmless, variable: str) -> Sentence:
    if variable:
        return N_("Requests to {host} go through the proxy that {name} names.", host=where, name=identifier(variable))
    return N_("Requests to {host} go through the proxy in the system's settings.", host=where)


def _passed(item: str, spec: Spec, stage: Stage, where: Harmless, way: Way) -> Item:
    match stage:
        case "name":
            return well("network", item, N_("The address of {host} was found.", host=where))
        case "connection":
            return well(
                "network", item, N_("A connection can be made.") if way.proxy is None else N_("The proxy answers.")
            )
        case "tls":
            return well("network", item, N_("Its certificate is trusted."))
    name, seconds = title(spec.title), round(way.seconds, 2)
    if way.status is not None and way.status >= _SERVER_TROUBLE:
        return doubtful(
            "network",
            item,
            N_(
                "{provider} answers in {seconds} s, but with an error (HTTP {status}).",
                provider=name,
                seconds=seconds,
                status=way.status,
            ),
            N_("Try again later."),
        )
    return well("network", item, N_("{provider} answers in {seconds} s.", provider=name, seconds=seconds))


def _failed(name: str, spec: Spec, address: str, way: Way, fault: Failure) -> Item:
    stages: tuple[Stage, ...] = ("name", "connection") if way.proxy is None else ("connection",)
    stages += ("answer",) if address.startswith("http:") else ("tls", "answer")
    stage = next((stage for stage in stages if stage not in way.passed), "answer")
    return wrong("network", f"{name}.{stage}", *_reason(fault, spec, address, way.proxy))


def _reason(fault: Failure, spec: Spec, address: str, proxy: str | None) -> tuple[Sentence, Sentence]:
    provider, where = title(spec.title), host(address)
    if fault == "proxy" or (fault in {"unknown", "no_connection"} and proxy is not None):
        return _proxys_fault(provider, where, proxy or "")
    message, fix = _reasons(where)[fault]
    if fault == "no_connection" and is_loopback(address):
        fix = N_(
            "Start the program that should answer on this machine, or connect to the provider's own address again."
        )
    return N_("{provider}: {message}", provider=provider, message=message), fix


def _proxys_fault(provider: Harmless, where: Harmless, variable: str) -> tuple[Sentence, Sentence]:
    message = N_("{provider}: the proxy to {host} refuses, or cannot be reached.", provider=provider, host=where)
    if variable:
        name = identifier(variable)
        return message, N_("Correct {name}, or add {host} to NO_PROXY.", name=name, host=where)
    return message, N_("Correct the proxy in the system's settings, or set HTTPS_PROXY.")


def _reasons(where: Harmless) -> Mapping[Failure, tuple[Sentence, Sentence]]:
    return {
        "unknown": (
            N_("the name {host} cannot be looked up.", host=where),
            N_("Check the network and its DNS; behind a company's proxy, set HTTPS_PROXY."),
        ),
        "silent": (
            N_("{host} does not answer in time.", host=where),
            _WAY_FIX,
        ),
        "too_early": (
            N_("the certificate of {host} is not valid yet by this computer's clock.", host=where),
            _CLOCK_FIX,
        ),
        "too_late": (
            N_("the certificate of {host} has expired by this computer's clock.", host=where),
            _CLOCK_FIX,
        ),
        "other_host": (
            N_("the certificate that {host} shows belongs to another host.", host=where),
            N_("Something in between answers instead: check the network, its login page and the proxy."),
        ),
        "untrusted": (
            N_("the certificate of {host} is not trusted.", host=where),
            N_("Set SSL_CERT_FILE to the certificate of the proxy or antivirus in between."),
        ),
        "tls": (
            N_("a secure connection (TLS) to {host} could not be established.", host=where),
            N_("Something in between answers instead: check the proxy, the antivirus and the network."),
        ),
        "no_connection": (
            N_("the connection to {host} fails or is lost.", host=where),
            _WAY_FIX,
        ),
    }
