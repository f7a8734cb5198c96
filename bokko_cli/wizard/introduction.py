"""What is said of an account once its key is verified."""

from bokko_cli.model.spec import Spec
from bokko_cli.model.text import shown
from bokko_cli.model.values import Account, Remnants
from bokko_cli.model.wording import N_, Sentence
from bokko_cli.wizard.conversation import Conversation
from bokko_cli.wizard.key import Verified, check_for_rows


def introduced(talk: Conversation, previous: Remnants, verified: Verified) -> Verified:
    """Say whose account it is and what that means for last time's answers, and see that it has what must be picked."""
    organization = verified.account.organization
    talk.say(_whose(talk.spec, verified.account))
    if previous.is_of_another(organization):
        talk.warn(
            N_(
                "This key belongs to a different account from the stored one ({stored}), so what was chosen "
                "there does not apply here.",
                stored=shown(previous.account_tax_code or ""),
            )
        )
    picked = tuple(field for field in talk.spec.questions if field.is_picked)
    return check_for_rows(verified, picked, talk.verify, talk.prompter)


def _whose(spec: Spec, account: Account) -> Sentence:
    organization = account.organization
    fields: dict[str, object] = {"provider": spec.title, "number": shown(organization.tax_code or "")}
    if organization.tax_code and organization.subscription_until:
        return N_(
            "{provider} accepted the key. Tax number {number}, subscription until {until}.",
            until=organization.subscription_until,
            **fields,
        )
    if organization.tax_code:
        return N_("{provider} accepted the key. Tax number {number}.", **fields)
    return N_("{provider} accepted the key.", provider=spec.title)
