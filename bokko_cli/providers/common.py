"""The settings that every provider has."""

from bokko_cli.model.spec import Choice, Field, Kind, Section

COMMON_FIELDS = (
    Field(
        name="default_vat_rate",
        question="Default VAT rate",
        flag="--vat",
        kind=Kind.CHOICE,
        section=Section.DEFAULTS,
        default="27%",
        choices=(Choice("27%", "27%", "27", ("27%",)), Choice("0%", "0%", "0", ("0%",))),
    ),
    Field(
        name="default_payment_method",
        question="Default payment method",
        flag="--payment-method",
        kind=Kind.CHOICE,
        section=Section.DEFAULTS,
        default="bank_transfer",
        choices=(
            Choice("bank_transfer", "bank transfer", "bank-transfer", ("bank_transfer",)),
            Choice("card", "card", "card"),
            Choice("cash", "cash", "cash"),
            Choice("other", "other", "other"),
        ),
    ),
    Field(
        name="tax_number",
        question="Tax number",
        flag="--tax-number",
        no_flag="--no-tax-number",
        kind=Kind.TAX_NUMBER,
        section=Section.REST,
    ),
    Field(
        name="invoice_capable",
        question="Invoice capable",
        flag="--invoice-capable",
        no_flag="--no-invoice-capable",
        kind=Kind.YES_NO,
        section=Section.REST,
        default=True,
    ),
    Field(
        name="accepts_business_clients",
        question="Accepts business clients",
        flag="--business-clients",
        no_flag="--no-business-clients",
        kind=Kind.YES_NO,
        section=Section.REST,
        default=True,
    ),
)
