"""The flags: how they are called and what --help says of them."""

from typing import Annotated

import typer

Profile = Annotated[str | None, typer.Option("--profile", metavar="NAME", help="Settings to use [default: default].")]
Sandbox = Annotated[bool, typer.Option("--sandbox", help="Try it on the embedded sandbox; nothing real is touched.")]
Debug = Annotated[bool, typer.Option("--debug", help="Log requests and storage to standard error, without secrets.")]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")]
NoInput = Annotated[bool, typer.Option("--no-input", help="Never ask; list everything that is missing instead.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Accept every confirmation.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Verify and validate everything, save nothing.")]
KeyStdin = Annotated[bool, typer.Option("--api-key-stdin", help="Read the key from the first line of standard input.")]
KeyFile = Annotated[
    str | None, typer.Option("--api-key-file", metavar="PATH", help="Read the key from the first line of a file.")
]
NoSuchKey = Annotated[str | None, typer.Option("--api-key", hidden=True)]
KeyStorage = Annotated[
    str | None,
    typer.Option("--key-storage", metavar="keyring|file|env", help="Where the key is kept [default: keyring]."),
]
Block = Annotated[
    str | None, typer.Option("--block", metavar="VALUE", help="Document block: its id, exact prefix or exact name.")
]
BankAccount = Annotated[
    str | None,
    typer.Option("--bank-account", metavar="VALUE", help="Bank account: its id, number, IBAN or exact name."),
]
Prefix = Annotated[str | None, typer.Option("--prefix", metavar="VALUE", help="Invoice prefix, as set up there.")]
NoPrefix = Annotated[bool, typer.Option("--no-prefix", help="Use the account's own prefix [default].")]
BankName = Annotated[str | None, typer.Option("--bank-name", metavar="VALUE", help="Name of the bank.")]
BankAccountNumber = Annotated[
    str | None,
    typer.Option("--bank-account-number", metavar="VALUE", help="Bank account: 8-8 or 8-8-8 digits, or an IBAN."),
]
NoBankAccount = Annotated[bool, typer.Option("--no-bank-account", help="Use the account's own bank account [default].")]
Vat = Annotated[str | None, typer.Option("--vat", metavar="27|0", help="Default VAT rate [default: 27].")]
PaymentMethod = Annotated[
    str | None,
    typer.Option(
        "--payment-method",
        metavar="cash|card|bank-transfer|other",
        help="Default payment method [default: bank-transfer].",
    ),
]
TaxNumber = Annotated[
    str | None, typer.Option("--tax-number", metavar="VALUE", help="Tax number, like 13421739-2-41 [default: none].")
]
NoTaxNumber = Annotated[bool, typer.Option("--no-tax-number", help="Store no tax number.")]
Capable = Annotated[bool, typer.Option("--invoice-capable", help="This account may issue invoices [default].")]
NotCapable = Annotated[bool, typer.Option("--no-invoice-capable", help="This account may not.")]
Business = Annotated[bool, typer.Option("--business-clients", help="Invoices go to businesses too [default].")]
NoBusiness = Annotated[bool, typer.Option("--no-business-clients", help="To private persons only.")]
Check = Annotated[bool, typer.Option("--check", help="Ask the provider anew; changes nothing.")]
LeaveSecret = Annotated[
    bool, typer.Option("--leave-secret", help="Go on where the keyring no longer answers; names what stays.")
]
Port = Annotated[
    str, typer.Option("--port", metavar="N", show_default=False, help="Port to listen on [default: a free one].")
]
