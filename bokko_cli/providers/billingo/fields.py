"""Billingo as data: its names and its settings."""

from bokko_cli.model.spec import Field, Kind, PanelPart, Spec
from bokko_cli.model.wording import N_
from bokko_cli.providers.billingo.export import draft, variables
from bokko_cli.providers.common_fields import COMMON_FIELDS

DOCUMENT_BLOCK = "document_block"
BANK_ACCOUNT = "bank_account"

# The words on the screen are Hungarian, whatever the browser's language: https://app.billingo.hu
PLAN_PAGE = "https://app.billingo.hu/n/subscription/overview"
_BLOCKS_PAGE = "https://app.billingo.hu/n/document-block/list"
_ACCOUNTS_PAGE = "https://app.billingo.hu/n/bank-account/list"

SPEC = Spec(
    provider="billingo",
    title="Billingo",
    endpoint="https://api.billingo.hu/v3",
    sandbox_path="/v3",
    module=f"{__package__}.provider",
    key_question=N_("API key"),
    key_variable="BOKKO_BILLINGO_API_KEY",
    url_variable="BOKKO_BILLINGO_URL",
    key_shape=r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}",
    key_page="https://app.billingo.hu/api-key",
    key_advice=N_(
        "API kulcsok → Új API kulcs; API verzió: 3; Hozzátartozó összekötés: Egyedi fejlesztés; "
        "API hatásköre: Olvasás, írás"
    ),
    plan_advice=N_("Choose a plan that includes drafts in Billingo (Árak, előfizetés, {page}).", page=PLAN_PAGE),
    renewal_advice=N_("Renew the subscription in Billingo (Árak, előfizetés, {page}).", page=PLAN_PAGE),
    nav_advice=N_(
        "Set up the link in Billingo: NAV Online Számla beállítások, {page}",
        page="https://app.billingo.hu/n/nav-online-szamla/settings",
    ),
    account_part=N_("Account"),
    cannot_tell="",
    rehearsal_module=f"{__package__}.rehearsal",
    draft=draft,
    variables=variables,
    fields=(
        Field(
            name=DOCUMENT_BLOCK,
            question=N_("Document block"),
            flag="--block",
            metavar="VALUE",
            help=N_("Document block: its id, exact prefix or exact name."),
            explained=N_(
                "A document block is a number series for invoices; drafts will be created in the one you choose."
            ),
            kind=Kind.BLOCK,
            section=PanelPart.CHOSEN,
            listing="blocks",
            listing_help=N_("List the account's invoice document blocks."),
            where_to_make=N_(
                "Create a document block for invoices in Billingo (Bizonylattömbök → Új bizonylattömb, "
                "{page}), then try again.",
                page=_BLOCKS_PAGE,
            ),
        ),
        Field(
            name=BANK_ACCOUNT,
            question=N_("Bank account"),
            flag="--bank-account",
            metavar="VALUE",
            help=N_("Bank account: its id, number, IBAN or exact name."),
            kind=Kind.BANK_ACCOUNT,
            section=PanelPart.CHOSEN,
            listing="accounts",
            listing_help=N_("List the account's bank accounts."),
            where_to_make=N_(
                "Add a bank account in Billingo (Bankszámlaszámok → Bankszámlaszám hozzáadás, {page}), then try again.",
                page=_ACCOUNTS_PAGE,
            ),
        ),
        *COMMON_FIELDS,
    ),
)
