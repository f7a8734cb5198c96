"""The settings that every provider has."""

from bokko_cli.model.spec import Choice, Field, Kind, PanelPart
from bokko_cli.model.wording import N_

COMMON_FIELDS = (
    Field(
        name="default_vat_rate",
        question=N_("Default VAT rate"),
        flag="--vat",
        metavar="27|0",
        help=N_("Default VAT rate."),
        kind=Kind.CHOICE,
        section=PanelPart.DEFAULTS,
        default="27%",
        choices=(Choice("27%", "27%", "27", ("27%",)), Choice("0%", "0%", "0", ("0%",))),
    ),
    Field(
        name="default_payment_method",
        question=N_("Default payment method"),
        flag="--payment-method",
        metavar="cash|card|bank-transfer|other",
        help=N_("Default payment method."),
        kind=Kind.CHOICE,
        section=PanelPart.DEFAULTS,
        default="bank_transfer",
        choices=(
            Choice("bank_transfer", N_("bank transfer"), "bank-transfer", ("bank_transfer",)),
            Choice("card", N_("card"), "card"),
            Choice("cash", N_("cash"), "cash"),
            Choice("other", N_("other"), "other"),
        ),
    ),
    Field(
        name="tax_number",
        question=N_("Tax number"),
        flag="--tax-number",
        no_flag="--no-tax-number",
        metavar="VALUE",
        help=N_("Tax number, like 13421739-2-41."),
        no_help=N_("Store no tax number."),
        kind=Kind.TAX_NUMBER,
        section=PanelPart.REST,
    ),
    Field(
        name="invoice_capable",
        question=N_("Invoice capable"),
        flag="--invoice-capable",
        no_flag="--no-invoice-capable",
        help=N_("This account may issue invoices."),
        explained=N_(
            "Invoice capable means that this connection may issue invoices. If you answer no, it is saved but "
            "never ready."
        ),
        no_help=N_("This account may not issue invoices."),
        kind=Kind.YES_NO,
        section=PanelPart.REST,
        default=True,
    ),
    Field(
        name="accepts_business_clients",
        question=N_("Accepts business clients"),
        flag="--business-clients",
        no_flag="--no-business-clients",
        help=N_("Invoices go to businesses too."),
        no_help=N_("Invoices go to private persons only."),
        kind=Kind.YES_NO,
        section=PanelPart.REST,
        default=True,
    ),
)
