"""Billingo as a table: its names and its settings."""

from bokko_cli.model.spec import Field, Kind, Section, Spec
from bokko_cli.model.wording import N_
from bokko_cli.providers.common import COMMON_FIELDS

DOCUMENT_BLOCK = "document_block"
BANK_ACCOUNT = "bank_account"
_SUBSCRIPTION_PAGE = "https://app.billingo.hu/n/subscription/overview"

SPEC = Spec(
    provider="billingo",
    title="Billingo",
    endpoint="https://api.billingo.hu/v3",
    sandbox_path="/v3",
    module=f"{__package__}.provider",
    key_question="API key",
    key_variable="BOKKO_BILLINGO_API_KEY",
    url_variable="BOKKO_BILLINGO_URL",
    key_shape=r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    key_page="https://app.billingo.hu/api-key",
    key_advice="Settings → API keys → New API key: version V3, custom development, scope read and write",
    plan_advice=N_("Choose a plan that includes drafts in Billingo: Árak, előfizetés, {page}", page=_SUBSCRIPTION_PAGE),
    renewal_advice=N_("Renew the subscription in Billingo: Árak, előfizetés, {page}", page=_SUBSCRIPTION_PAGE),
    nav_advice=N_(
        "Set up the link in Billingo: NAV Online Számla beállítások, {page}",
        page="https://app.billingo.hu/n/nav-online-szamla/settings",
    ),
    cannot_tell="",
    fields=(
        Field(
            name=DOCUMENT_BLOCK,
            question="Document block",
            flag="--block",
            metavar="VALUE",
            help=N_("Document block: its id, exact prefix or exact name."),
            kind=Kind.BLOCK,
            section=Section.CHOSEN,
            listing="blocks",
            listing_help=N_("List the account's invoice document blocks."),
            where_to_make="Make a document block for invoices in Billingo (Settings → Blocks), then run this again.",
        ),
        Field(
            name=BANK_ACCOUNT,
            question="Bank account",
            flag="--bank-account",
            metavar="VALUE",
            help=N_("Bank account: its id, number, IBAN or exact name."),
            kind=Kind.BANK_ACCOUNT,
            section=Section.CHOSEN,
            listing="accounts",
            listing_help=N_("List the account's bank accounts."),
            where_to_make="Add a bank account in Billingo (Settings → Bank accounts), then run this again.",
        ),
        *COMMON_FIELDS,
    ),
)
