"""What the fields of the JSON documents mean, document by document; help shows them."""

from collections.abc import Mapping

from bokko_cli.model.wording import N_, Sentence

Fields = Mapping[str, Sentence]
_SCHEMA = N_("1. Fields may be added, but none is renamed or removed.")

STATUS: Fields = {
    "schema": _SCHEMA,
    "provider": N_("The provider's name in commands."),
    "profile": N_("The profile's name."),
    "state": N_("ready, attention (connected, with errors), inactive (not the active one) or not_connected."),
    "active": N_("Whether this provider is the active one."),
    "active_provider": N_("Which provider is active."),
    "connected_at": N_("When it was connected. In UTC, like all times."),
    "verified_at": N_("When connect, configure or activate last verified it."),
    "account_tax_code": N_("The tax number of the account that the key belongs to."),
    "endpoint": N_("The address that the key is sent to, and no other."),
    "invoice_mode": N_("draft_review: a person reviews each invoice as a draft."),
    "document_block": N_("The document block: id, name and prefix."),
    "invoice_prefix": N_("The invoice prefix, where the provider has no document blocks."),
    "bank_account": N_("The bank account: id, name, number and currency."),
    "default_vat_rate": N_("27% or 0%."),
    "default_payment_method": N_("cash, card, bank_transfer or other."),
    "tax_number": N_("The tax number used for invoicing."),
    "invoice_capable": N_("Whether this account may issue invoices."),
    "accepts_business_clients": N_("Whether businesses are invoiced, or private persons only."),
    "api_key": N_(
        "storage (where the key is kept), source (where it can be read now), hint (its last characters), can_write."
    ),
    "subscription_until": N_("The last day of the subscription."),
    "rehearsal": N_("The last rehearsal since key or settings changed: at, outcome, code."),
    "settings_file": N_("The file with the settings."),
    "checked_at": N_("When --check asked the provider."),
    "problems": N_(
        "What is wrong: code, level (error or warning), message and fix of each. The codes are listed below."
    ),
    "dry_run": N_("true after a dry run; absent otherwise."),
}
PROFILES: Fields = {
    "profile": N_("The profile's name."),
    "active_provider": N_("Which provider is active."),
    "providers": N_("The state of each provider, as far as the settings alone show it."),
    "settings_file": N_("The file with the settings."),
    "error": N_("Why the file cannot be read; absent otherwise."),
}
INTEGRATIONS: Fields = {
    "provider": N_("The provider's name in commands."),
    "connected": N_("Whether it is connected."),
    "active": N_("Whether it is the active one."),
    "state": N_("As in the status document."),
    "connected_at": N_("When it was connected."),
}
ROWS: Fields = {
    "id": N_("The number that --block and --bank-account take."),
    "name": N_("Its name at the provider."),
    "prefix": N_("The prefix of a document block."),
    "number": N_("The account number, or the IBAN where there is none."),
    "currency": N_("The currency of a bank account."),
}
REHEARSAL: Fields = {
    "schema": _SCHEMA,
    "provider": N_("The provider's name in commands."),
    "profile": N_("The profile's name."),
    "outcome": N_("passed, failed or unknown."),
    "code": N_(
        "Why it did not pass: read_only_key, key_rejected, drafts_not_in_plan, write_refused, "
        "settings_refused, draft_differs, clean_up_failed or unreachable; null if it did."
    ),
    "steps": N_("Each step: step, outcome (also skipped), message, fix and seconds."),
    "left_behind": N_("What may still be there: kind (draft or partner), id and name of each."),
}
DOCTOR: Fields = {
    "schema": _SCHEMA,
    "ok": N_("Whether no problem was found; warnings do not count."),
    "items": N_("Everything that was checked: section, item, level (ok, warning or problem), message and fix of each."),
}
FAILURE: Fields = {
    "schema": _SCHEMA,
    "error": N_("code, message and fix; with the code missing_input also missing, a list of flag and choices."),
}
