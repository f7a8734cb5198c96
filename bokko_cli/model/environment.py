"""The environment variables that bokko reads, and what each does; the providers' own stand in their specs."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from bokko_cli.model.wording import N_, Sentence

FOLDER = "BOKKO_CONFIG_DIR"
PROFILE = "BOKKO_PROFILE"
LANGUAGE = "BOKKO_LANG"
LANGUAGES = ("hu", "en")
_PROXIES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY")


class Variable(NamedTuple):
    """One variable: its name and what it does."""

    name: str
    meaning: Sentence


VARIABLES = (
    Variable(FOLDER, N_("The settings folder, instead of the platform's usual one.")),
    Variable(PROFILE, N_("The profile to use where --profile is not given.")),
    Variable(LANGUAGE, N_("The language of everything that people read: hu or en. Otherwise the locale decides.")),
    Variable("LC_ALL", N_("The locale; the first of LC_ALL, LC_MESSAGES and LANG that is set decides the language.")),
    Variable("LC_MESSAGES", N_("The locale for messages.")),
    Variable("LANG", N_("The locale where neither of those is set.")),
    Variable("BOKKO_ACCESSIBLE", N_("Set to 1 for plain numbered questions, for screen readers and dumb terminals.")),
    Variable("TERM", N_("If it is dumb, the same as BOKKO_ACCESSIBLE=1.")),
    Variable("NO_COLOR", N_("Any value turns colours off.")),
    Variable("FORCE_COLOR", N_("Any value but 0 turns colours on where they would be off.")),
    Variable("COLUMNS", N_("The width to draw for, instead of the terminal's own.")),
    Variable("PYTHON_KEYRING_BACKEND", N_("The keyring to use, as Python's keyring library names it.")),
    Variable("HTTPS_PROXY", N_("The proxy for requests to providers.")),
    Variable("ALL_PROXY", N_("The proxy where HTTPS_PROXY is not set.")),
    Variable("NO_PROXY", N_("Hosts that are reached without the proxy.")),
    Variable("SSL_CERT_FILE", N_("The certificates to trust, such as a proxy's own.")),
    Variable("SSL_CERT_DIR", N_("A folder of certificates to trust.")),
    Variable("SSLKEYLOGFILE", N_("A file to write the keys of TLS connections to, for debugging.")),
)


def proxies_in(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the variables that name a proxy, in either case, with what they hold."""
    for name in _PROXIES:
        for spelt in (name, name.lower()):
            if environ.get(spelt):
                yield spelt, environ[spelt]
