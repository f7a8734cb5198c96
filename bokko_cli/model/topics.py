"""The topics of help by name, apart from their texts, which take long to load."""

from collections.abc import Mapping

from bokko_cli.model.wording import N_, Sentence

TOPICS: Mapping[str, Sentence] = {
    "environment": N_("The environment variables that bokko reads."),
    "exit-codes": N_("What a script reads from $?."),
    "files": N_("Which files there are, and where."),
    "json": N_("What --json prints, and every code in it."),
    "scripts": N_("How to use bokko from scripts."),
}
