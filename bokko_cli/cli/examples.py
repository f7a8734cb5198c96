"""The examples at the end of each --help.

`{us}` stands for the program and the provider, where there is one, `{name}` for a command that a provider names.
"""

from collections.abc import Iterable, Mapping, Sequence

from bokko_cli.model.spec import Spec
from bokko_cli.model.topics import TOPICS
from bokko_cli.model.wording import N_, Sentence, lines

_UNWRAPPED = "\b"
"""Tells the parser to leave the lines below as they are."""
Example = tuple[Sentence, str]

EXAMPLES: Mapping[str, Sequence[Example]] = {
    "connect": (
        (N_("Answer questions in a terminal:"), "{us} connect"),
        (N_("Try it first; no account is needed:"), "{us} --sandbox connect"),
        (
            N_("Take the key from a password manager, without questions:"),
            "pass show key | {us} connect --api-key-stdin --no-input",
        ),
        (N_("See what would be saved:"), "{us} connect --dry-run"),
    ),
    "configure": (
        (N_("Go through all settings:"), "{us} configure"),
        (N_("Change one of them, without questions:"), "{us} configure --vat 0 --yes"),
    ),
    "status": (
        (N_("What is stored:"), "{us} status"),
        (N_("Check with the provider, for a script:"), "{us} status --check --json"),
        (N_("Every business at once:"), "{us} status --all-profiles --check"),
    ),
    "disconnect": (
        (N_("Remove, after a confirmation:"), "{us} disconnect"),
        (N_("If the keyring no longer answers:"), "{us} disconnect --yes --leave-secret"),
    ),
    "activate": ((N_("Switch to this provider, without questions:"), "{us} activate --yes"),),
    "rehearse": (
        (N_("Create a draft, compare it, delete it:"), "{us} rehearse"),
        (N_("Delete what an earlier rehearsal left:"), "{us} rehearse --clean"),
    ),
    "export": ((N_("Into a file:"), "{us} export > draft.json"),),
    "exec": ((N_("Run your invoicing program:"), "{us} exec -- ./make-invoices --all"),),
    "lists": (
        (N_("As a table, or for a script:"), "{us} {name} --json"),
        (N_("Before anything is connected:"), "pass show key | {us} {name} --api-key-stdin"),
    ),
    "integrations": ((N_("Which provider is active, for a script:"), "{us} integrations --json"),),
    "profiles": (
        (N_("All businesses on this machine:"), "{us} profiles"),
        (N_("Their names alone:"), "{us} profiles | cut -f1"),
    ),
    "doctor": (
        (N_("Everything, to paste into a ticket:"), "{us} doctor"),
        (N_("Without sending anything:"), "{us} doctor --offline"),
    ),
    "help": ((N_("The exit codes:"), "{us} help exit-codes"),),
    "sandbox": ((N_("On a port of your choice:"), "{us} sandbox --port 8080"),),
}
"""By the command's module."""


def examples(module: str, name: str, spec: Spec | None = None) -> Sentence:
    """Return the examples of a command as --help shows them."""
    us = f"bokko {spec.provider}" if spec else "bokko"
    return _shown((told, command.format(us=us, name=name)) for told, command in EXAMPLES[module])


def beginning(providers: Sequence[str]) -> Sentence:
    """Return where to begin, for the help of the whole."""
    connect = "\n    ".join(f"bokko {provider} connect" for provider in providers)
    return _shown(
        (
            (N_("Connect a business:"), connect),
            (N_("Try it first; no account is needed:"), f"bokko --sandbox {providers[0]} connect"),
        )
    )


def topics() -> Sentence:
    """Return the topics of help, as the help of the whole shows them."""
    width = max(map(len, TOPICS))
    shown = (
        N_("  {command}  {meaning}", command=f"bokko help {name:<{width}}", meaning=meaning)
        for name, meaning in TOPICS.items()
    )
    return lines(_UNWRAPPED, N_("Topics:"), *shown)


def _shown(what: Iterable[Example]) -> Sentence:
    shown = (part for told, command in what for part in (_indented(told), f"    {command}"))
    return lines(_UNWRAPPED, N_("Examples:"), *shown)


def _indented(told: Sentence) -> Sentence:
    return N_("  {text}", text=told)
