"""What a provider's spec is made of: one field for each setting, read by wizard, flags, file, panel and JSON alike."""

from collections.abc import Callable, Mapping
from enum import Enum, auto
from typing import NamedTuple

from bokko_cli.model.invocation import BARE, Invocation
from bokko_cli.model.values import Settings, Value
from bokko_cli.model.wording import N_


class Kind(Enum):
    """How a setting is answered and kept."""

    BLOCK = auto()
    BANK_ACCOUNT = auto()
    CHOICE = auto()
    TAX_NUMBER = auto()
    TEXT = auto()
    ACCOUNT_NUMBER = auto()
    TYPED_ACCOUNT = auto()
    YES_NO = auto()


class PanelPart(Enum):
    """Where in the panel a setting stands: round the invoice mode, or after the dates."""

    CHOSEN = auto()
    DEFAULTS = auto()
    REST = auto()


class Choice(NamedTuple):
    """One of a few fixed answers; `flag` is what is typed for it, `also` what is understood besides."""

    value: str
    label: str
    flag: str
    also: tuple[str, ...] = ()


class Field(NamedTuple):
    """A setting: its key in TOML and JSON, its question, its flag, its kind, and what holds when nobody says."""

    name: str
    question: str
    flag: str
    kind: Kind
    section: PanelPart
    default: Value = None
    no_flag: str = ""
    metavar: str = ""
    """What stands for the flag's value in --help; empty for a switch."""
    help: str = ""
    """What --help says of the flag, and below of the one that says none or no."""
    no_help: str = ""
    choices: tuple[Choice, ...] = ()
    listing: str = ""
    """The command that lists what can be picked, whole once the spec is `within` a run; empty for a setting that is not
    picked from the account."""
    listing_help: str = ""
    """What --help says of that command."""
    explained: str = ""
    """What a person is told where it is first asked; empty where the question speaks for itself."""
    when_none: str = N_("none")
    """What it is called when nothing is set."""
    where_to_make: str = ""
    """What to do when the account has nothing to pick."""
    parts: tuple["Field", ...] = ()
    """Where a setting is asked in several questions: one for each part."""

    @property
    def is_picked(self) -> bool:
        """Whether the answer must be a row of the connected account."""
        return bool(self.listing)

    @property
    def is_of_organization(self) -> bool:
        """Whether the answer means nothing in another organisation's account."""
        return self.is_picked or self.kind is Kind.TAX_NUMBER

    @property
    def may_be_none(self) -> bool:
        """Whether "none" is an answer."""
        return self.kind in _MAY_BE_NONE


_MAY_BE_NONE = (Kind.TAX_NUMBER, Kind.TEXT, Kind.ACCOUNT_NUMBER, Kind.TYPED_ACCOUNT)


def _no_variables(_: Settings) -> Mapping[str, str | None]:
    return {}


class Spec(NamedTuple):
    """A provider as data: its names, its address, how its key is called and where it is made, and its settings."""

    provider: str
    title: str
    endpoint: str
    sandbox_path: str
    """Where the embedded sandbox serves it."""
    module: str
    """The module whose `opener` opens it; loaded when it is asked."""
    key_question: str
    key_variable: str
    url_variable: str
    key_shape: str
    """A regular expression that the provider's keys fit as far as known; another shape is worth a warning only."""
    key_page: str
    key_advice: str
    plan_advice: str
    """What to do where the subscription leaves out what a draft needs."""
    renewal_advice: str
    """Where a subscription that ends soon is renewed."""
    nav_advice: str
    """Where the account is linked with NAV; empty where the interface does not tell."""
    account_part: str
    """What is asked of the provider besides the lists, as a name: whose account it is, or the key alone."""
    cannot_tell: str
    """What the provider's interface does not say, for the panel; empty if it says all."""
    fields: tuple[Field, ...]
    invocation: Invocation = BARE
    """What its commands repeat in this run."""
    rehearsal_module: str = ""
    """The module whose `opener` opens it for a rehearsal; empty for a provider that cannot rehearse."""
    draft: Callable[[Settings], Mapping[str, object]] | None = None
    """What the settings decide of a draft, in the provider's words; `None` for one that has no such thing."""
    variables: Callable[[Settings], Mapping[str, str | None]] = _no_variables
    """The settings as variables of a program, each by the end of its name; `None` is what is not set."""

    @property
    def questions(self) -> tuple[Field, ...]:
        """The settings as they are asked and given by flags: a setting with parts as its parts."""
        return tuple(question for field in self.fields for question in (field.parts or (field,)))

    def within(self, invocation: Invocation) -> "Spec":
        """Return the same as one run names it: every command whole."""
        fields = (
            field._replace(listing=invocation.command(self.provider, field.listing)) if field.is_picked else field
            for field in self.fields
        )
        return self._replace(fields=tuple(fields), invocation=invocation)

    def with_listings(self, *flags: str) -> "Spec":
        """Return the same, with more flags in the commands that list what can be picked."""
        fields = (
            field._replace(listing=" ".join((field.listing, *flags))) if field.is_picked else field
            for field in self.fields
        )
        return self._replace(fields=tuple(fields))

    def command(self, *words: str) -> str:
        """Return a whole command about this provider: `command("connect")` is `bokko PROVIDER connect`."""
        return self.invocation.command(self.provider, *words)

    def field(self, name: str) -> Field:
        """Return the setting, or the part of one, of that name; KeyError if the spec has none."""
        return {field.name: field for field in (*self.fields, *self.questions)}[name]


def ways_to_give_a_key(*specs: Spec) -> str:
    """Return the three ways, for somebody who tried another one."""
    return N_(
        "Give the key on standard input (--api-key-stdin), in a file (--api-key-file PATH) "
        "or in the environment ({variable}).",
        variable=", ".join(spec.key_variable for spec in specs),
    )
