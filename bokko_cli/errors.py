"""Everything that can go wrong, with its exit code, its JSON code and what to do about it.

BokkoError                        1  unforeseen
├── InvalidValue                  2  invalid_value
│   ├── KeyMalformed              2  key_malformed
│   └── EndpointRefused           2  endpoint_refused
├── MissingInput                  2  missing_input
├── NotConnected                  3  not_connected
├── Refused                       4  refused
│   ├── KeyRejected               4  key_rejected
│   ├── NoApiAccess               4  no_api_access
│   └── NoPermission              4  no_permission
├── RehearsalRefused              4  write_refused, or what it is given
├── NotReady                      5  not_ready, or what it is given
├── Unreachable                   6  unreachable
│   └── UnexpectedAnswer          6  unexpected_answer
├── AskedTooOften                 6  asked_too_often
├── StorageFailed                 7  storage_failed
│   ├── SettingsUnreadable        7  settings_unreadable
│   ├── KeyMissing                7  key_missing
│   └── KeyringUnavailable        7  keyring_unavailable
│       ├── KeyringLocked         7  keyring_locked
│       └── KeyringFailed         7  keyring_failed
├── AnswerLost                    1  answer_lost
└── Cancelled                   130  cancelled
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import ClassVar, NamedTuple

from bokko_cli.model.wording import N_, Sentence


class ExitCode(IntEnum):
    """What a script reads from `$?`."""

    DONE = 0
    UNFORESEEN = 1
    USAGE = 2
    NOT_CONNECTED = 3
    REFUSED = 4
    NOT_READY = 5
    UNREACHABLE = 6
    STORAGE = 7
    CANCELLED = 130


EXIT_CODES: Mapping[ExitCode, Sentence] = {
    ExitCode.DONE: N_("Done; for status: ready."),
    ExitCode.UNFORESEEN: N_("A bug, or an unexpected error."),
    ExitCode.USAGE: N_("A wrong or missing value, or a question that cannot be asked."),
    ExitCode.NOT_CONNECTED: N_("This provider is not connected."),
    ExitCode.REFUSED: N_("The provider refused: a bad key, no API access in the subscription, no permission."),
    ExitCode.NOT_READY: N_("Connected but not ready, or not the active provider; for doctor: a problem was found."),
    ExitCode.UNREACHABLE: N_("The provider could not be reached, or did not answer sensibly. Nothing changed."),
    ExitCode.STORAGE: N_("The settings file, the keyring or the key failed. What was stored before still stands."),
    ExitCode.CANCELLED: N_("Cancelled. Nothing changed."),
}
"""What each exit code means."""


class BokkoError(Exception):
    """A failure that a person can act on: `message` says what happened, `fix` what to do next."""

    exit_code: ExitCode = ExitCode.UNFORESEEN
    code: str = "unforeseen"
    usual_fix: ClassVar[str] = N_("Run the command again with --debug and report what it prints.")

    def __init__(self, message: str, *, fix: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.fix = fix or self.usual_fix


class InvalidValue(BokkoError):
    """A value that a flag, the environment or a question was given cannot be used.

    `variable` names what holds it in the environment, where that is known.
    """

    exit_code = ExitCode.USAGE
    code = "invalid_value"
    usual_fix = N_("Run the command with --help to see what it takes.")

    def __init__(self, message: str, *, fix: str = "", variable: str = "") -> None:
        super().__init__(message, fix=fix)
        self.variable = variable


def given_together(one: str, other: str) -> InvalidValue:
    """Return the error of two flags that exclude each other."""
    return InvalidValue(
        N_("{one} and {other} cannot be used together.", one=one, other=other), fix=N_("Use only one of them.")
    )


class KeyMalformed(InvalidValue):
    """What was given cannot be a key at all; no provider was asked."""

    code = "key_malformed"
    usual_fix = N_("Copy the whole key again, and nothing else.")


class EndpointRefused(InvalidValue):
    """A key may not be sent to this address."""

    code = "endpoint_refused"
    usual_fix = N_("Use an https address, or http on this machine only.")


class Missing(NamedTuple):
    """A question that nobody could be asked: its flag and, where it is picked from a list, the list.

    `choices` holds JSON-ready rows, `None` where there is no list; `note` is a line for people; `listing` names
    the command that shows the whole list; `fix` is what to do where the flag alone does not help.
    """

    flag: str
    choices: Sequence[Mapping[str, object]] | None = None
    note: str = ""
    listing: str = ""
    fix: str = ""


class MissingInput(BokkoError):
    """Questions that may not be asked; `missing` lists them all."""

    exit_code = ExitCode.USAGE
    code = "missing_input"
    usual_fix = N_("Give these flags, or run the command in a terminal without --no-input.")

    def __init__(self, message: str, missing: Sequence[Missing], *, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.missing = tuple(missing)


class NotConnected(BokkoError):
    """This provider has no stored connection."""

    exit_code = ExitCode.NOT_CONNECTED
    code = "not_connected"
    usual_fix = N_("Connect the provider first.")


class Refused(BokkoError):
    """The provider answered, and its answer is no."""

    exit_code = ExitCode.REFUSED
    code = "refused"
    usual_fix = N_("Check the key and the subscription at the provider.")


class KeyRejected(Refused):
    """The provider does not know this key."""

    code = "key_rejected"
    usual_fix = N_("Copy the key again from the provider's page, or create a new one there.")


class NoApiAccess(Refused):
    """The subscription does not include the interface."""

    code = "no_api_access"
    usual_fix = N_("Add API access to the subscription at the provider.")


class NoPermission(Refused):
    """The key is good but may not do this."""

    code = "no_permission"
    usual_fix = N_("Create a key with more permissions at the provider.")


class NotReady(BokkoError):
    """A connected provider that cannot become the active one; exit code and JSON code are its problem's."""

    exit_code = ExitCode.NOT_READY
    code = "not_ready"
    usual_fix = N_("Run `status --check` to see what is wrong.")

    def __init__(self, message: str, exit_code: ExitCode, code: str, *, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.exit_code = exit_code
        self.code = code


class RehearsalRefused(BokkoError):
    """The provider said no to a step of a rehearsal, so that nothing came of it; the codes say why."""

    exit_code = ExitCode.REFUSED
    code = "write_refused"
    usual_fix = N_("Try again tomorrow: the account may have used up its daily quota.")

    def __init__(self, message: str, exit_code: ExitCode, code: str, *, fix: str = "") -> None:
        super().__init__(message, fix=fix)
        self.exit_code = exit_code
        self.code = code


class Unreachable(BokkoError):
    """No answer, or one that says nothing about the key.

    `was_sent` is whether the request may have arrived; without a connection it surely has not.
    """

    exit_code = ExitCode.UNREACHABLE
    code = "unreachable"
    usual_fix = N_("Check the network, then try again.")

    def __init__(self, message: str, *, fix: str = "", was_sent: bool = True) -> None:
        super().__init__(message, fix=fix)
        self.was_sent = was_sent


class UnexpectedAnswer(Unreachable):
    """Something answered, but not what the provider's description promises."""

    code = "unexpected_answer"
    usual_fix = N_("Try again later; if it fails again, run the command with --debug and report what it prints.")


class AskedTooOften(BokkoError):
    """A provider that must not be asked again by this command; a person is not offered another try."""

    exit_code = ExitCode.UNREACHABLE
    code = "asked_too_often"
    usual_fix = N_("Wait a few minutes, then try again.")


class StorageFailed(BokkoError):
    """Settings or secret could not be kept; what was stored before still stands."""

    exit_code = ExitCode.STORAGE
    code = "storage_failed"
    usual_fix = N_("Check the folder's permissions and the free space, then try again.")


class SettingsUnreadable(StorageFailed):
    """A settings file that cannot be understood; it is never overwritten."""

    code = "settings_unreadable"
    usual_fix = N_("Correct the settings file, or move it away.")


class KeyMissing(StorageFailed):
    """Connected, but no key where the settings say it is."""

    code = "key_missing"
    usual_fix = N_("Connect the provider again.")


class KeyringUnavailable(StorageFailed):
    """No keyring on this machine, or one that cannot be used."""

    code = "keyring_unavailable"
    usual_fix = N_("Start a keyring, or connect with --key-storage file.")


class KeyringLocked(KeyringUnavailable):
    """The keyring is there but does not open or does not answer."""

    code = "keyring_locked"
    usual_fix = N_("Unlock the keyring, then try again.")


class KeyringFailed(KeyringUnavailable):
    """The keyring is there and open, but what it was asked for went wrong."""

    code = "keyring_failed"
    usual_fix = N_("Restart the keyring and try again, or connect with --key-storage file.")


class AnswerLost(BokkoError):
    """What the command found out could not be printed."""

    code = "answer_lost"
    usual_fix = N_("Free some space, or send the output elsewhere.")


class Cancelled(BokkoError):
    """A person changed their mind before anything was saved."""

    exit_code = ExitCode.CANCELLED
    code = "cancelled"
    usual_fix = N_("Run the command again when ready.")


def cancelled() -> Cancelled:
    """Return the error of somebody who leaves before anything was saved."""
    return Cancelled(N_("Nothing was changed."))
