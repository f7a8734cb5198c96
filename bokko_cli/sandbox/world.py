"""The accounts behind the keys: plain data that answers are made from and tests may change."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from threading import Lock
from typing import Literal, NamedTuple

Behaviour = Literal["well", "refuses_key", "no_api", "read_only", "no_drafts", "picky", "odd", "busy", "down"]


def N_(text: str) -> str:  # noqa: N802 - gettext's name for: marked here, translated by whoever prints it
    """Leave a text as it is; translators find it by the name of this function."""
    return text


BILLINGO_KEYS: Mapping[str, str] = {
    "sandbox-ready": N_("three invoice blocks, one receipt block, two bank accounts"),
    "sandbox-large": N_("1,250 document blocks and 240 bank accounts, in pages"),
    "sandbox-invalid": N_("401: the key is refused, like any unknown key"),
    "sandbox-no-api": N_("402: no API access in the subscription"),
    "sandbox-read-only": N_("reads succeed, every write gets 403"),
    "sandbox-no-drafts": N_("reads succeed, drafts get 402: an API add-on but no plan"),
    "sandbox-empty": N_("no invoice block, no bank account"),
    "sandbox-busy": N_("429 with Retry-After: 1 once for each path, then all is well"),
    "sandbox-down": N_("500 with a trace id"),
    "sandbox-expiring": N_("the subscription ends in ten days"),
    "sandbox-picky": N_("reads succeed, drafts get 422 with messages for two fields"),
    "sandbox-odd": N_("unknown features and types, null values, no rate-limit headers"),
}
SZAMLAZZ_KEYS: Mapping[str, str] = {
    "sandbox-ready": N_("code 7: the key is good, the document does not exist"),
    "sandbox-invalid": N_("code 3: the key is refused, like any unknown key"),
    "sandbox-unpaid": N_("code 136: login is blocked, the plan has expired or is unpaid"),
    "sandbox-down": N_("code 1: the service is out of order"),
}
KEYS: Mapping[str, Mapping[str, str]] = {"Billingo": BILLINGO_KEYS, "Számlázz.hu": SZAMLAZZ_KEYS}

BEHAVIOURS: Mapping[str, Behaviour] = {
    "sandbox-invalid": "refuses_key",
    "sandbox-unpaid": "refuses_key",
    "sandbox-no-api": "no_api",
    "sandbox-read-only": "read_only",
    "sandbox-no-drafts": "no_drafts",
    "sandbox-picky": "picky",
    "sandbox-odd": "odd",
    "sandbox-busy": "busy",
    "sandbox-down": "down",
}
FEATURES: Mapping[str, Sequence[str]] = {
    "sandbox-no-drafts": ["api_limit_basic"],
    "sandbox-odd": ["subscription_pro", "api_limit_max", "billingo_business", "flat_tax_plus", "not_yet_invented"],
}
RATES: Mapping[str, float] = {"HUF": 1.0, "EUR": 391.5, "USD": 338.25, "GBP": 455.75, "CHF": 417.1}
AGENT_CODES: Mapping[str, int] = {"sandbox-ready": 7, "sandbox-unpaid": 136, "sandbox-down": 1}


@dataclass(slots=True)
class Block:
    """A document block; the prefix may be empty."""

    id: int
    name: str
    prefix: str
    type: str = "invoice"


@dataclass(slots=True)
class BankAccount:
    """A bank account; `iban` and `swift` are empty when unset."""

    id: int
    name: str
    number: str
    currency: str = "HUF"
    iban: str = ""
    swift: str = ""


class Mail(NamedTuple):
    """A document mailed: nothing leaves the sandbox."""

    document_id: int
    emails: tuple[str, ...]


@dataclass(slots=True)
class Account:
    """All that one key can see and change, oldest first; hold `lock` while reading it from several threads."""

    blocks: list[Block]
    bank_accounts: list[BankAccount]
    expires: date
    behaviour: Behaviour = "well"
    agent_code: int = 3
    tax_code: str = "13421739-2-41"
    has_nav_connection: bool = True
    nav_says: str = "validation_ok"
    features: list[str] = field(default_factory=list)
    partners: dict[int, dict[str, object]] = field(default_factory=dict)
    documents: dict[int, dict[str, object]] = field(default_factory=dict)
    vendor_ids: dict[int, str] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    rates: dict[str, float] = field(default_factory=lambda: dict(RATES))
    ids: Iterator[int] = field(default_factory=lambda: count(90_001))
    turned_away: set[tuple[str, str]] = field(default_factory=set)
    lock: Lock = field(default_factory=Lock)


def open_account(key: str) -> Account:
    """Make a fresh world for a key of `KEYS`; raises KeyError for any other."""
    if key not in BILLINGO_KEYS and key not in SZAMLAZZ_KEYS:
        raise KeyError(key)
    blocks, bank_accounts = CONTENTS.get(key, ordinary)()
    return Account(
        blocks,
        bank_accounts,
        expires=today() + timedelta(days=10 if key == "sandbox-expiring" else 1_000),
        behaviour=BEHAVIOURS.get(key, "well"),
        agent_code=AGENT_CODES.get(key, 3),
        features=[*FEATURES.get(key, ("subscription_pro", "api_limit_pro"))],
    )


def today() -> date:
    """Take the date where the person is, since that is what they count the ten days from."""
    return datetime.now(tz=UTC).astimezone().date()


Contents = tuple[list[Block], list[BankAccount]]


def ordinary() -> Contents:
    """Three invoice blocks with a receipt block among them; an account in forints and one in euros."""
    blocks = [
        Block(40101, "Webshop", "WEB"),
        Block(40102, "Nyugtatömb", "NY", type="receipt"),
        Block(40103, "Webáruház", "WÁ"),
        Block(40104, "Árvíztűrő tükörfúrógép", "ÁTF"),
    ]
    euro = domestic_number("1160000", 3)
    return blocks, [
        BankAccount(7001, "OTP HUF", "11773016-11111018-00000000"),
        BankAccount(7002, "Erste EUR, külföldi utalások", euro, "EUR", hungarian_iban(euro), "GIBAHUHB"),
    ]


def empty() -> Contents:
    """Hold a receipt block only: nothing an invoice could be made with."""
    return [Block(40102, "Nyugtatömb", "NY", type="receipt")], []


def odd() -> Contents:
    """What `ordinary` holds, and besides a block without a prefix, one of an unknown type and an unlisted currency."""
    blocks, bank_accounts = ordinary()
    blocks += [Block(40105, "Előtag nélkül", ""), Block(40106, "Ismeretlen", "IS", type="not_yet_invented")]
    return blocks, [*bank_accounts, BankAccount(7003, "Wise GEL", "", "GEL", "GE29NB0000000101904917")]


def large() -> Contents:
    """More than any client reads without paging, with every absent thing there is."""
    blocks = [Block(50_000 + n, f"Számlatömb {n:04}", f"T{n:04}") for n in range(1, 1_251)]
    blocks[6].prefix = ""
    accounts = [large_account(n) for n in range(1, 241)]
    accounts[4] = BankAccount(8005, "Wise EUR", "", "EUR", "DE89370400440532013000", "TRWIBEB1")
    return blocks, accounts


def large_account(n: int) -> BankAccount:
    """Make the n-th of many: every third in euros, with its IBAN."""
    number = domestic_number("1177301", n)
    if n % 3:
        return BankAccount(8_000 + n, f"Folyószámla {n:03}", number)
    return BankAccount(8_000 + n, f"Devizaszámla {n:03}", number, "EUR", hungarian_iban(number), "OTPVHUHB")


CONTENTS: Mapping[str, Callable[[], Contents]] = {
    "sandbox-large": large,
    "sandbox-empty": empty,
    "sandbox-odd": odd,
}


def domestic_number(bank: str, n: int) -> str:
    """Make a Hungarian account number, 8-8-8, from a bank's seven digits; both check digits fit."""
    customer = f"{n:015}"
    digits = bank + check_digit(bank) + customer + check_digit(customer)
    return f"{digits[:8]}-{digits[8:16]}-{digits[16:]}"


def check_digit(digits: str) -> str:
    """Find the digit that makes the sum, weighted 9 7 3 1 over and over, end in zero."""
    total = sum(int(digit) * weight for digit, weight in zip(digits, (9, 7, 3, 1) * 4, strict=False))
    return str(-total % 10)


def hungarian_iban(number: str) -> str:
    """Make the IBAN of a domestic number; H and U count as 17 and 30 (ISO 13616)."""
    digits = number.replace("-", "")
    return f"HU{98 - int(digits + '173000') % 97:02}{digits}"
