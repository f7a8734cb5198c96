"""A key among the arguments: whoever typed it is told how to give one, and it is not repeated."""

import os
import re
from collections.abc import Iterator, Sequence
from typing import NoReturn

from bokko_cli.cli.ending import end
from bokko_cli.cli.run import Globals, Run
from bokko_cli.errors import InvalidValue, KeyMalformed
from bokko_cli.model.apikey import clean_key
from bokko_cli.model.spec import ways_to_give_a_key
from bokko_cli.model.wording import N_
from bokko_cli.providers.tables import SPECS

_BEFORE_ANOTHER_PROGRAM = "exec"
_NAMED_FREELY = {"--profile", *(field.flag for spec in SPECS.values() for field in spec.questions)}
"""Flags whose value may begin like a key of the sandbox, which is no secret."""
_BETWEEN = re.compile(r"[:,\s]+")


def refuse_keys(words: Sequence[str]) -> None:
    """Leave with an error that repeats nothing, where one of the arguments looks like a key and is no file."""
    if any(_holds_key(flag, text) for flag, text in _arguments(words)):
        end(Run(Globals(), as_json="--json" in words), lambda _: _refuse(words))


def _refuse(words: Sequence[str]) -> NoReturn:
    named = [spec for name, spec in SPECS.items() if name in words]
    raise InvalidValue(
        N_(
            "One of the arguments looks like a key. It is not shown here, but arguments are visible to other "
            "users and stay in the shell's history."
        ),
        fix=ways_to_give_a_key(*(named or SPECS.values())),
    )


def _arguments(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield each argument of ours with the word before it, which may be its flag."""
    before = ""
    for word in words:
        if word == _BEFORE_ANOTHER_PROGRAM and before not in _NAMED_FREELY:
            return
        flag, is_whole, value = word.partition("=")
        yield (flag, value) if is_whole else (before, word)
        before = word


def _holds_key(flag: str, text: str) -> bool:
    parts = _BETWEEN.split(text.lstrip("-"))
    return any(_is_key(part, flag) and not os.path.lexists(part) for part in parts)


def _is_key(text: str, flag: str) -> bool:
    try:
        key = clean_key(text)
    except KeyMalformed:
        return False
    if key.is_for_sandbox:
        return flag not in _NAMED_FREELY
    return any(key.has_shape(f"(?i:{spec.key_shape})") for spec in SPECS.values())
