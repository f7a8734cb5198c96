"""The parser's own words in another language than English, and for terminals narrower than it writes for."""

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import IO, Any

import typer
from typer._click.core import Command, Context, Parameter
from typer._click.exceptions import ClickException, NoArgsIsHelpError, NoSuchOption, UsageError
from typer._click.formatting import HelpFormatter
from typer.core import TyperCommand

from bokko_cli.cli.guesses import Guessing
from bokko_cli.cli.reader import NARROWEST_OF_PARSER, reader_columns, worded
from bokko_cli.model.width import with_plain_blanks, wrapped
from bokko_cli.model.wording import N_, Sentence, Whole

_WHOLE = 1000
ParserError = ClickException
"""Whatever the parser does not understand."""

OPTIONS = N_("[OPTIONS]")
COMMANDS = N_("COMMAND [ARGS]...")
REQUIRED = N_("[required]")
_HEADINGS: Mapping[str, Sentence] = {
    "Options": N_("Options"),
    "Commands": N_("Commands"),
    "Arguments": N_("Arguments"),
}
_HELPS: Mapping[str, Sentence] = {
    "Show this message and exit.": N_("Show this message and exit."),
    "Install completion for the current shell.": N_("Install completion for the current shell."),
    "Show completion for the current shell, to copy it or customize the installation.": N_(
        "Show completion for the current shell, to copy it or customize the installation."
    ),
}
_MESSAGES = (
    (re.compile(r"Got unexpected extra argument\(s\) \((?P<words>.*)\)", re.DOTALL), N_("Unexpected words: {words}")),
    (re.compile(r"Option '(?P<option>.*)' does not take a value\."), N_("{option} takes no value.")),
    (re.compile(r"Option '(?P<option>.*)' requires an argument\."), N_("{option} needs a value.")),
    (re.compile(r"Missing argument '(?P<name>.*)'\."), N_("Missing: {name}")),
    (re.compile(r"Missing command\."), N_("Missing command.")),
)
"""What the parser says, and the sentence for it with the same fields."""


class _Formatter(HelpFormatter):
    """Writes help with its headings in the reader's language; on a narrow terminal what a flag does stands below it."""

    def __init__(self, indent_increment: int = 2, width: int | None = None, max_width: int | None = None) -> None:
        self._is_narrow = reader_columns() < NARROWEST_OF_PARSER
        super().__init__(indent_increment, reader_columns() if self._is_narrow else width, max_width)

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        told = worded(N_("Usage: ")) if prefix is None else prefix
        if self._is_narrow:
            self._write_wrapped(f"{told}{prog} {args}", 0)
        else:
            super().write_usage(prog, args, told)

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        told = [(name, words.replace(REQUIRED, worded(REQUIRED))) for name, words in rows]
        if not self._is_narrow:
            super().write_dl(told, col_max, col_spacing)
            return
        for name, words in told:
            self._write_wrapped(name, self.current_indent)
            self._write_wrapped(words, self.current_indent + self.indent_increment)

    def _write_wrapped(self, text: str, indent: int) -> None:
        for line in wrapped(text, self.width - indent, breaks_words=False):
            self.write(f"{' ' * indent}{line}\n")

    def write_heading(self, heading: str) -> None:
        super().write_heading(worded(_HEADINGS.get(heading, heading)))


class _Context(Context):
    formatter_class = _Formatter


class _Speaking(Command):
    """A command whose help is in the reader's language throughout."""

    context_class = _Context

    def get_params(self, ctx: Context) -> list[Parameter]:
        """Return the parameters, those that the parser adds by itself with their help translated."""
        params = super().get_params(ctx)
        for param in params:
            if text := _HELPS.get(getattr(param, "help", None) or ""):
                param.help = worded(text)  # type: ignore[attr-defined]  # options have it, and only they
        return params

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return the first sentence of the help, whole on a narrow terminal: it has lines of its own there."""
        return super().get_short_help_str(_WHOLE if reader_columns() < NARROWEST_OF_PARSER else limit)


class SpeakingCommand(_Speaking, TyperCommand):
    """A command in the reader's language."""


class SpeakingGroup(_Speaking, Guessing):
    """A group of commands in the reader's language, which is also what its errors are told in."""

    def make_context(self, *args: Any, **extra: Any) -> Context:  # noqa: ANN401  # as the parser has it
        """Parse what was typed."""
        with _told_in_words():
            return super().make_context(*args, **extra)

    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # typer hands in its own Context
        """Run the command that was typed."""
        with _told_in_words():
            return super().invoke(ctx)


@contextmanager
def _told_in_words() -> Iterator[None]:
    """Let an error of the parser show itself in the reader's language."""
    try:
        yield
    except NoArgsIsHelpError:
        raise
    except ParserError as error:
        error.show = partial(_show, error)  # type: ignore[method-assign]  # the parser asks the error to show itself
        raise


def _show(error: ParserError, file: IO[str] | None = None) -> None:
    stream = file or sys.stderr
    ctx = error.ctx if isinstance(error, UsageError) else None
    if ctx is not None:
        command = f"{ctx.command_path} {ctx.help_option_names[0]}"
        help_line = worded(N_("For help: {command}", command=Whole(command)))
        stream.write("\n".join([ctx.get_usage(), *_fitting(help_line, stream), "", ""]))
    for line in worded(N_("Error: {text}", text=told(error))).split("\n"):
        stream.write("\n".join(_fitting(line, stream)) + "\n")


def _fitting(line: str, stream: IO[str]) -> list[str]:
    """Return a line broken between words where a terminal would break it anywhere; an indented one is a command."""
    if line.startswith(" ") or not stream.isatty():
        return [with_plain_blanks(line)]
    return wrapped(line, reader_columns(), breaks_words=False)


def told(error: ParserError) -> str:
    """Return what an error of the parser says, as a sentence where it is one that is known."""
    if isinstance(error.message, Sentence):
        return error.message
    if isinstance(error, NoSuchOption):
        return _no_such_option(error)
    message = error.format_message()
    for pattern, sentence in _MESSAGES:
        found = pattern.fullmatch(message)
        if found:
            return sentence.filled(**found.groupdict())
    return message


def _no_such_option(error: NoSuchOption) -> Sentence:
    if not error.possibilities:
        return N_("No such option: {option}", option=error.option_name)
    others = ", ".join(sorted(error.possibilities))
    return N_("No such option: {option} (perhaps: {others})", option=error.option_name, others=others)
