"""The whole conversation of connect and configure: key, settings, review."""

from bokko_cli.errors import cancelled
from bokko_cli.model.values import Settings
from bokko_cli.prompter.question import Nothing
from bokko_cli.wizard.conversation import Conversation, Plan
from bokko_cli.wizard.introduction import introduced
from bokko_cli.wizard.key import KeyWanted, Verified, ask_key
from bokko_cli.wizard.steps import Asking
from bokko_cli.wizard.walk import walk


def set_up(talk: Conversation, plan: Plan, verified: Verified) -> tuple[Verified, Settings]:
    """Ask for every setting that is not known, with a key that nobody types; the account may have grown meanwhile.

    Raises MissingInput, InvalidValue, Cancelled, and what verifying the key raises.
    """
    asking = Asking(talk, plan, introduced(talk, plan.previous, verified))
    if walk(asking.steps()) is Nothing.BACK:
        raise cancelled()
    return asking.verified, asking.settings()


def set_up_from_key(talk: Conversation, plan: Plan, wanted: KeyWanted) -> tuple[Verified, Settings]:
    """Ask for the key, then for every setting; Back at the first setting returns to the key, with the answers kept."""
    verified = ask_key(wanted, talk.verify, talk.prompter, talk.report)
    asking = Asking(talk, plan, introduced(talk, plan.previous, verified), wanted)
    while walk(asking.steps(), can_go_back=True) is Nothing.BACK:
        asking.ask_key_again(wanted)
    return asking.verified, asking.settings()
