"""What a conversation needs of the world, and what is settled before it begins."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bokko_cli.errors import BokkoError
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.spec import Spec
from bokko_cli.model.values import Account, Problem, Remnants, Settings
from bokko_cli.model.wording import Sentence
from bokko_cli.prompter.base import Prompter
from bokko_cli.wizard.flags import Given
from bokko_cli.wizard.key import Verify


@dataclass(frozen=True, slots=True)
class Conversation:
    """What the conversation needs of the world."""

    spec: Spec
    prompter: Prompter
    say: Callable[[str], None]
    warn: Callable[[str], None]
    report: Callable[[BokkoError], None]
    verify: Verify


@dataclass(frozen=True, slots=True)
class Plan:
    """What is settled before anything is asked; `accepts` leaves the review's question out, `saving` is its words."""

    given: Given
    previous: Remnants
    accepts: bool
    saving: Sentence
    foreseen: Callable[[Account, Settings], Sequence[Problem]]
    """What would be wrong with these settings in this account, without asking anybody."""
    key_change: Callable[[ApiKey], Sequence[tuple[str, str]]]
    """Where the key, or where it is kept, differs from what is stored: the stored one and this one in words."""
    keeps_stored: bool = False
    """Whether what is stored and still holds is not asked for."""

    def is_rerun(self) -> bool:
        """Whether there are answers of an earlier run."""
        return bool(self.previous.settings)
