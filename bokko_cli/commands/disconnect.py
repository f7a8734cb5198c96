"""`disconnect`: remove the settings and the secret; invoices are not touched."""

import os
from dataclasses import dataclass

from bokko_cli.commands.shared.saving import stores
from bokko_cli.commands.shared.statuses import not_connected
from bokko_cli.context import Scope
from bokko_cli.errors import ExitCode, Missing, SettingsUnreadable
from bokko_cli.model.wording import N_, Whole, lines
from bokko_cli.prompter.base import agree, settle
from bokko_cli.prompter.question import yes_or_no
from bokko_cli.store import commit
from bokko_cli.store.rehearsal_note import note_path


@dataclass(frozen=True, slots=True)
class Options:
    """Flags of `disconnect`."""

    yes: bool = False
    leave_secret: bool = False


def run(scope: Scope, options: Options) -> ExitCode:
    """Confirm, then remove both; what is not connected is swept all the same."""
    if _has_something_to_lose(scope):
        _mention_rehearsal(scope)
        if not options.yes:
            _confirm(scope)
    was_active = _is_active(scope)
    was_connected = commit.disconnect(stores(scope), leave_secret=options.leave_secret)
    _say_what_happened(scope, options, was_connected=was_connected)
    if was_connected and was_active:
        _say_who_is_left(scope)
    scope.output.show(not_connected(scope, scope.load().active_provider))
    return ExitCode.DONE


def _is_active(scope: Scope) -> bool:
    try:
        return scope.load().active_provider == scope.spec.provider
    except SettingsUnreadable:
        return False


def _say_who_is_left(scope: Scope) -> None:
    profile = scope.load()
    for other, spec in scope.run.specs.items():
        if profile.is_connected(other):
            command = scope.run.at(other, scope.profile_name).command("activate")
            left = N_(
                "No provider is active now. {provider} is still connected; make it the active one:", provider=spec.title
            )
            scope.output.say(lines(left, Whole(f"  {command}")))


def _has_something_to_lose(scope: Scope) -> bool:
    try:
        return scope.load().is_connected(scope.spec.provider)
    except SettingsUnreadable:
        return True


def _mention_rehearsal(scope: Scope) -> None:
    """Say so where a rehearsal left something: without the connection nothing leads to it any more but its note."""
    path = note_path(scope.folder, scope.profile_name, scope.spec.provider)
    if os.path.lexists(path):
        scope.output.warn(
            N_(
                "A rehearsal was interrupted; what it may have left at {provider} is noted in {path}. Delete "
                "it before you disconnect: {command}",
                provider=scope.spec.title,
                path=str(path),
                command=scope.command("rehearse", "--clean"),
            )
        )


def _confirm(scope: Scope) -> None:
    name = N_("Disconnect {provider} (profile {profile})?", provider=scope.spec.title, profile=scope.profile_name)
    question = yes_or_no(name, Missing("--yes", note=N_("  --yes: {question}", question=name)), marked=False)
    note = N_("The stored settings and key will be removed from this machine; invoices stay.")
    agree(scope.prompter, question._replace(note=note))
    settle(scope.prompter)


def _say_what_happened(scope: Scope, options: Options, *, was_connected: bool) -> None:
    title = scope.spec.title
    if not was_connected:
        scope.output.say(N_("{provider} was not connected.", provider=title))
        return
    scope.output.say(
        N_(
            "{provider} is disconnected: its settings were removed from this machine; invoices are untouched.",
            provider=title,
        )
        if options.leave_secret
        else N_(
            "{provider} is disconnected: its settings and key were removed from this machine; invoices are untouched.",
            provider=title,
        )
    )
    if not scope.is_sandbox:
        page = scope.spec.key_page
        scope.output.say(N_("The key still works at {provider}; revoke it there: {page}", provider=title, page=page))
