"""Which variables are set, by their names alone, and which of them have values that cannot be right."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from bokko_cli.commands.doctor.installation import Installation
from bokko_cli.errors import EndpointRefused, KeyMalformed
from bokko_cli.model.apikey import clean_key
from bokko_cli.model.endpoint import checked_endpoint
from bokko_cli.model.environment import FOLDER, LANGUAGE, LANGUAGES, PROFILE, VARIABLES, proxies_in
from bokko_cli.model.public_findings import doubtful, identifier, title, together, well, wrong
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import PROFILE_NAME, Item
from bokko_cli.model.wording import N_

_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_ALSO_TOLD = ("HTTP_PROXY", "DBUS_SESSION_BUS_ADDRESS")
"""Nothing to set for bokko; but that they are set explains a proxy, or a keyring that does not answer."""


def items(around: Installation) -> Iterator[Item]:
    """Look at the variables that decide what bokko does."""
    yield _set(around.environ, around.specs)
    yield _home(around)
    yield from _misspelt(around.environ, around.specs)
    yield from _profile(around.environ)
    yield from _language(around.environ)
    for spec in around.specs.values():
        yield from _of_provider(around.environ, spec)
    yield from _certificates(around.environ)
    yield from _socks(around.environ)


def known_names(specs: Mapping[str, Spec]) -> tuple[str, ...]:
    """Return every variable that changes what bokko does, the providers' own included."""
    of_providers = (name for spec in specs.values() for name in (spec.key_variable, spec.url_variable))
    return (*(variable.name for variable in VARIABLES), *of_providers)


def _set(environ: Mapping[str, str], specs: Mapping[str, Spec]) -> Item:
    names = {name.upper() for name in (*known_names(specs), *_ALSO_TOLD)}
    found = sorted(name for name in environ if name.upper() in names or name.startswith("BOKKO_"))
    if not found:
        return well("environment", "variables", N_("No variable that affects bokko is set."))
    shown = together(identifier(name) for name in found)
    return well("environment", "variables", N_("Set: {names}", names=shown))


def _home(around: Installation) -> Item:
    if around.homes or around.environ.get(FOLDER):
        return well("environment", "home", N_("There is a home folder, or BOKKO_CONFIG_DIR is set."))
    return wrong(
        "environment",
        "home",
        N_("This user has no home folder, so there is no place for settings."),
        N_("Set HOME, or BOKKO_CONFIG_DIR to a folder of this user."),
    )


def _misspelt(environ: Mapping[str, str], specs: Mapping[str, Spec]) -> Iterator[Item]:
    known = known_names(specs)
    for name in sorted(environ):
        if name.startswith("BOKKO_") and name not in known:
            yield doubtful(
                "environment",
                str(identifier(name)),
                N_("{name} is set, but bokko knows no such variable.", name=identifier(name)),
                N_("Correct its name (bokko help environment lists them all), or unset it."),
            )


def _profile(environ: Mapping[str, str]) -> Iterator[Item]:
    name = environ.get(PROFILE, "")
    if name and not PROFILE_NAME.fullmatch(name):
        yield wrong(
            "environment",
            PROFILE,
            N_("BOKKO_PROFILE is set, but its value is not a valid profile name."),
            N_("Set it to up to 32 lower-case letters, digits, - and _, or unset it."),
        )


def _language(environ: Mapping[str, str]) -> Iterator[Item]:
    language = environ.get(LANGUAGE, "")
    if language and language not in LANGUAGES:
        yield doubtful(
            "environment",
            LANGUAGE,
            N_("BOKKO_LANG names a language that bokko does not know, and is ignored."),
            N_("Set it to hu or en, or unset it."),
        )


def _of_provider(environ: Mapping[str, str], spec: Spec) -> Iterator[Item]:
    yield from _address(environ.get(spec.url_variable, ""), spec)
    text = environ.get(spec.key_variable, "")
    if text.strip():
        try:
            clean_key(text)
        except KeyMalformed:
            yield wrong(
                "environment",
                spec.key_variable,
                N_("{name} is set, but its value cannot be a key.", name=identifier(spec.key_variable)),
                N_(
                    "Copy the whole key of {provider} again, and nothing else, or unset the variable.",
                    provider=title(spec.title),
                ),
            )


def _address(text: str, spec: Spec) -> Iterator[Item]:
    if not text.strip():
        return
    try:
        checked_endpoint(text, spec.url_variable)
    except EndpointRefused:
        yield wrong(
            "environment",
            spec.url_variable,
            N_("{name} is set to an address to which no key may be sent.", name=identifier(spec.url_variable)),
            N_("Set it to an https address, or to http on this machine, without user, ? and #; or unset it."),
        )


def _certificates(environ: Mapping[str, str]) -> Iterator[Item]:
    for name in _CERTIFICATES:
        named = environ.get(name, "")
        if named and not os.access(Path(named), os.R_OK):
            yield wrong(
                "environment",
                name,
                N_("{name} names certificates that cannot be read.", name=identifier(name)),
                N_("Correct {name}, or unset it to use the usual certificates.", name=identifier(name)),
            )


def _socks(environ: Mapping[str, str]) -> Iterator[Item]:
    for name, value in proxies_in(environ):
        if value.lower().startswith("socks"):
            yield wrong(
                "environment",
                name,
                N_("{name} names a SOCKS proxy, which bokko does not support.", name=identifier(name)),
                N_("Set {name} to an http proxy, or unset it.", name=identifier(name)),
            )
