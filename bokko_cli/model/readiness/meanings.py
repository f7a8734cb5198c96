"""The codes of a status document: what each means, and what to do about it; in words that name nothing."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from bokko_cli.model.wording import N_, Sentence

STATES: Mapping[str, Sentence] = {
    "ready": N_("ready"),
    "attention": N_("needs attention"),
    "inactive": N_("inactive"),
    "not_connected": N_("not connected"),
}


class Meaning(NamedTuple):
    """One problem code; `command` are the words after the provider's name of the command that helps."""

    level: Literal["error", "warning"]
    short: Sentence
    """A few words, where the whole message stands elsewhere."""
    meaning: Sentence
    advice: Sentence
    command: tuple[str, ...] = ("status",)


PROBLEMS: Mapping[str, Meaning] = {
    "key_missing": Meaning(
        "error",
        N_("the key is missing"),
        N_("The key is not where the settings say it is."),
        N_("Connect again with the key, or set the variable that holds it."),
        ("connect",),
    ),
    "keyring_unavailable": Meaning(
        "error",
        N_("the keyring cannot be read"),
        N_("The keyring that holds the key cannot be read."),
        N_("See what is said under Keyring, or keep the key elsewhere."),
        ("connect", "--key-storage", "file"),
    ),
    "not_invoice_capable": Meaning(
        "error",
        N_("not invoice capable"),
        N_("Invoice capable is set to no."),
        N_("Set Invoice capable to yes."),
        ("configure", "--invoice-capable"),
    ),
    "read_only_key": Meaning(
        "error",
        N_("the key can only read"),
        N_("The key can read but not write."),
        N_("Create a key with write permission at the provider, and connect with it."),
        ("connect",),
    ),
    "rehearsal_failed": Meaning(
        "error",
        N_("the last rehearsal failed"),
        N_("The last rehearsal of an invoice failed."),
        N_("Fix what the rehearsal found, then rehearse again."),
        ("rehearse",),
    ),
    "drafts_not_in_plan": Meaning(
        "error",
        N_("the plan has no drafts"),
        N_("The subscription does not include drafts."),
        N_("Change the subscription at the provider, and rehearse again."),
        ("rehearse",),
    ),
    "key_rejected": Meaning(
        "error",
        N_("the key was refused"),
        N_("The provider refused the key."),
        N_("Copy the key again from the provider's page, or create a new one, and connect with it."),
        ("connect",),
    ),
    "no_api_access": Meaning(
        "error",
        N_("no API access"),
        N_("The subscription does not include API access."),
        N_("Change the subscription at the provider."),
        ("status", "--check"),
    ),
    "no_permission": Meaning(
        "error",
        N_("the key lacks permission"),
        N_("The key has no permission for the request."),
        N_("Create a key with more permissions at the provider, and connect with it."),
        ("connect",),
    ),
    "unreachable": Meaning(
        "error",
        N_("the provider does not answer"),
        N_("The provider could not be reached, or did not answer sensibly."),
        N_("See what is said under Network."),
        ("status", "--check"),
    ),
    "block_missing": Meaning(
        "error",
        N_("the document block is gone"),
        N_("The chosen document block is no longer in the account."),
        N_("Choose another document block."),
        ("configure",),
    ),
    "account_missing": Meaning(
        "error",
        N_("the bank account is gone"),
        N_("The chosen bank account is no longer in the account."),
        N_("Choose another bank account."),
        ("configure",),
    ),
    "different_account": Meaning(
        "error",
        N_("the key belongs to another account"),
        N_("The key belongs to a different account from the one that was connected."),
        N_("Connect again with the right key."),
        ("connect",),
    ),
    "block_renamed": Meaning(
        "warning",
        N_("the document block was renamed"),
        N_("The chosen document block has a different name now."),
        N_("Accept the document block under its new name."),
        ("configure",),
    ),
    "account_renamed": Meaning(
        "warning",
        N_("the bank account was changed"),
        N_("The chosen bank account has a different name or number now."),
        N_("Accept the bank account as it is now."),
        ("configure",),
    ),
    "tax_number_differs": Meaning(
        "warning",
        N_("a tax number other than the account's"),
        N_("The tax number is not the account's own."),
        N_("Check the tax number."),
        ("configure",),
    ),
    "vat_rate_doubtful": Meaning(
        "warning",
        N_("the VAT rate is doubtful"),
        N_("The VAT rate and the VAT digit of the tax number contradict each other."),
        N_("Check the VAT rate and the tax number."),
        ("configure",),
    ),
    "foreign_currency_account": Meaning(
        "warning",
        N_("the bank account is not in forints"),
        N_("The bank account is not in forints."),
        N_("Check that this is the right bank account."),
        ("configure",),
    ),
    "subscription_expiring": Meaning(
        "warning",
        N_("the subscription ends soon"),
        N_("The subscription ends within 30 days, or has ended."),
        N_("Renew the subscription at the provider."),
        ("status", "--check"),
    ),
    "no_nav_connection": Meaning(
        "warning",
        N_("no link with NAV"),
        N_("The account is not linked with NAV's Online Számla."),
        N_("Link the account with NAV at the provider."),
        ("status", "--check"),
    ),
    "drafts_may_be_missing": Meaning(
        "warning",
        N_("the plan may have no drafts"),
        N_("The subscription may not include drafts."),
        N_("Rehearse an invoice to find out."),
        ("rehearse",),
    ),
}
