"""`help`: help for bokko, a command or a topic."""

from collections.abc import Callable, Mapping, Sequence
from inspect import Parameter

import typer

from bokko_cli.cli.assembly import command_module, context_of
from bokko_cli.cli.command import globals_of, signature_of
from bokko_cli.cli.completion import fixed
from bokko_cli.cli.ending import end
from bokko_cli.cli.flags import EVERYWHERE, FlagValue
from bokko_cli.cli.guesses import meant
from bokko_cli.cli.reader import worded
from bokko_cli.cli.run import Run
from bokko_cli.errors import ExitCode
from bokko_cli.model.topics import TOPICS
from bokko_cli.model.wording import N_, Sentence, lines
from bokko_cli.output.base import Output

PURPOSE = N_("Show help for bokko, a command or a topic.")


def helping() -> Callable[..., None]:
    """Return the function that typer calls for `help`."""

    def call(ctx: typer.Context, topic: list[str] | None, **values: FlagValue) -> None:
        words = topic or []
        if len(words) == 1 and words[0] in TOPICS:
            run = Run(globals_of(ctx, values), must_answer=True, is_diagnostic=True)
            end(run, lambda output: _tell(run, words[0], output))
        typer.echo(_help_of(ctx, words))

    topic = typer.Argument(
        None,
        metavar="[TOPIC]",
        help=worded(N_("One of: {topics}", topics=", ".join(TOPICS))),
        autocompletion=fixed([*TOPICS]),
    )
    parameter = Parameter("topic", Parameter.KEYWORD_ONLY, default=topic, annotation=list[str] | None)
    call.__signature__ = signature_of(*EVERYWHERE, extra=[parameter])  # type: ignore[attr-defined]  # what typer reads
    return call


def _tell(run: Run, topic: str, output: Output) -> ExitCode:
    module = command_module("help")
    code: ExitCode = module.run(context_of(run, output), module.Options(topic))
    return code


def _help_of(ctx: typer.Context, words: Sequence[str]) -> str:
    """Return the help of the command that the words name; a usage error for what is neither command nor topic."""
    at = ctx.find_root()
    for place, word in enumerate(words):
        commands = getattr(at.command, "commands", {})
        command = commands.get(word)
        if command is None:
            ctx.fail(_no_help(words[:place], words[place:], commands))
        at = command.make_context(word, [], parent=at, resilient_parsing=True)
    return at.get_help()


def _no_help(before: Sequence[str], words: Sequence[str], commands: Mapping[str, object]) -> Sentence:
    """Return what to type for what is neither command nor topic: the command that was probably meant, else a topic."""
    nested = {name: getattr(group, "commands", {}) for name, group in commands.items()}
    found = [each for each in meant(list(words), nested) if not each[0].startswith("-")]
    name = repr(words[0])
    if not found:
        topics = (f"  bokko help {topic}" for topic in TOPICS)
        return lines(N_("There is no help about {name}. The topics are:", name=name), *topics)
    helps = (" ".join(("  bokko help", *before, *each)) for each in found)
    return lines(N_("There is no help about {name}. Use:", name=name), *helps)
