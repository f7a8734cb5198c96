"""Számlázz.hu as data: its names and its settings, all of them typed."""

from bokko_cli.model.spec import Field, Kind, PanelPart, Spec
from bokko_cli.model.wording import N_
from bokko_cli.providers.common_fields import COMMON_FIELDS
from bokko_cli.providers.szamlazz.export import variables

_OWN = N_("the account's own")

SPEC = Spec(
    provider="szamlazz",
    title="Számlázz.hu",
    endpoint="https://www.szamlazz.hu/szamla/",
    sandbox_path="/szamla/",
    module=f"{__package__}.provider",
    key_question=N_("Agent key"),
    key_variable="BOKKO_SZAMLAZZ_AGENT_KEY",
    url_variable="BOKKO_SZAMLAZZ_URL",
    key_shape=r"[0-9a-z]{42}",
    key_page="https://www.szamlazz.hu/szamla/main",
    key_advice=N_(
        'at the bottom of the dashboard, "Számla Agent kulcsok"; only the owner or an administrator can create it'
    ),
    account_part=N_("Agent key"),
    cannot_tell=N_("whose account the key belongs to, and whether the prefix exists; the first invoice will show it"),
    plan_advice=N_("Check the subscription in Számlázz.hu: Díjcsomagom."),
    renewal_advice=N_("Renew the subscription in Számlázz.hu: Díjcsomagom."),
    nav_advice="",
    variables=variables,
    fields=(
        Field(
            name="invoice_prefix",
            question=N_("Invoice prefix"),
            flag="--prefix",
            no_flag="--no-prefix",
            metavar="VALUE",
            help=N_("Invoice prefix, as set up there."),
            explained=N_(
                "The prefix is a number series for invoices. Számlázz.hu does not list them: type one that is "
                "set up there, or leave it blank."
            ),
            when_none=_OWN,
            no_help=N_("Use the account's own prefix."),
            kind=Kind.TEXT,
            section=PanelPart.CHOSEN,
        ),
        Field(
            name="bank_account",
            question=N_("Bank account"),
            flag="--bank-account-number",
            when_none=_OWN,
            kind=Kind.TYPED_ACCOUNT,
            section=PanelPart.CHOSEN,
            parts=(
                Field(
                    name="bank_name",
                    question=N_("Bank name"),
                    flag="--bank-name",
                    metavar="VALUE",
                    help=N_("Name of the bank."),
                    explained=N_(
                        "Számlázz.hu does not list the account's bank accounts: type the one to print on "
                        "invoices, or leave both questions blank."
                    ),
                    when_none=_OWN,
                    kind=Kind.TEXT,
                    section=PanelPart.CHOSEN,
                ),
                Field(
                    name="bank_account_number",
                    question=N_("Bank account number"),
                    flag="--bank-account-number",
                    no_flag="--no-bank-account",
                    metavar="VALUE",
                    help=N_("Bank account: 8-8 or 8-8-8 digits, or an IBAN."),
                    when_none=_OWN,
                    no_help=N_("Use the account's own bank account."),
                    kind=Kind.ACCOUNT_NUMBER,
                    section=PanelPart.CHOSEN,
                ),
            ),
        ),
        *COMMON_FIELDS,
    ),
)
