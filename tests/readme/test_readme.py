"""What README shows is what there is: each example runs and prints this, each table and link is true."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.readme.document import README, Fence, TypedExample, anchors, blocks, examples, links, tables
from tests.readme.reference import expected_tables
from tests.readme.session import Session, a_session, for_this_machine, matches
from tests.unit.test_help_data import commands

TEXT = README.read_text("utf-8")
ROOT = README.parent
CHANGELOG = ROOT / "CHANGELOG.md"
BY_HAND = {"try", "tests", "install"}
"""Marks of blocks that install something: `.ci/run` runs what they say."""


@pytest.fixture
def session() -> Iterator[Session]:
    """A computer on which nothing is set up."""
    with a_session() as session:
        yield session


def named_commands() -> Iterator[str]:
    """Yield each of our commands in the text and in its blocks, up to where the shell goes on."""
    for found in re.finditer(r"\bbokko (?=[a-z-])[^`|;>\n#]*", TEXT):
        yield found[0].strip()


def is_shown(example: TypedExample) -> bool:
    """Whether this machine can print what the example shows."""
    return bool(example.shown) and for_this_machine(example.command) == example.command


def test_examples_print_what_is_shown(session: Session) -> None:
    for example in examples(TEXT):
        ran = session.run(example)
        assert ran.code == 0, (example.command, *ran.lines)
        assert not is_shown(example) or matches(example.shown, ran.lines), "\n".join([example.command, *ran.lines])


@pytest.mark.parametrize("script", [block for block in blocks(TEXT) if block.kind == "sh" and not block.mark])
def test_scripts_run(session: Session, script: Fence) -> None:
    ran = session.run_script(script.lines)
    assert ran.code == 0, "\n".join(ran.lines)


@pytest.mark.parametrize("block", [block for block in blocks(TEXT) if block.kind == "sh"])
def test_scripts_are_what_a_shell_understands(block: Fence) -> None:
    subprocess.run(["bash", "-n"], input="\n".join(block.lines), text=True, check=True)


def test_blocks_that_are_not_run_here_are_those_that_install() -> None:
    assert {block.mark for block in blocks(TEXT) if block.mark} == BY_HAND
    assert {block.kind for block in blocks(TEXT)} == {"console", "sh"}
    assert len(list(examples(TEXT))) > 10


@pytest.mark.parametrize("mark", ["try", "tests"])
def test_command_that_is_run_by_its_mark_is_one_line(mark: str) -> None:
    (block,) = (block for block in blocks(TEXT) if block.mark == mark)
    assert len(block.lines) == 1


@pytest.mark.parametrize("name", expected_tables())
def test_table_is_that_of_the_program(name: str) -> None:
    assert tables(TEXT)[name] == [tuple(map(str, row)) for row in expected_tables()[name]]


def test_no_table_is_of_something_else() -> None:
    assert set(tables(TEXT)) == set(expected_tables())


@pytest.mark.parametrize("target", links(TEXT))
def test_link_leads_somewhere(target: str) -> None:
    page, _, heading = target.partition("#")
    assert not page or (ROOT / page).exists()
    assert not heading or heading in anchors(TEXT)


@pytest.mark.parametrize("command", sorted(set(named_commands())))
def test_command_that_is_named_is_one_with_its_flags(command: str) -> None:
    words = shlex.split(command.partition(" -- ")[0])[1:]
    flags = [word for word in words if word.startswith("-")]
    path = [word for at, word in enumerate(words) if not word.startswith("-") and words[at - 1] != "--profile"]
    known = commands()
    if flags[:1] in (["--install-completion"], ["--show-completion"]):
        assert set(path) <= {"bash", "zsh", "fish", "powershell"}
        return
    whole = next((name for name in (" ".join(path[:2]), path[0]) if name in known), "")
    group = any(name.startswith(f"{path[0]} ") for name in known)
    assert whole or (group and len(path) == 1)
    assert not whole or set(flags) <= {*known[whole], "--help"}


def test_all_that_must_pass_finds_its_command_here_and_installs_what_is_said() -> None:
    script = (ROOT / ".ci/run").read_text("utf-8")
    assert "<!-- tests -->" in script
    packages = re.findall(r"^packages=\((.*)\)$", script, re.MULTILINE)
    assert [name for name in packages[0].split() if f"`{name}`" not in TEXT] == []
    assert [step for step in ("ruff", "mypy", "lint-imports", "twine", "-m build") if step not in script] == []


def test_files_that_are_named_exist() -> None:
    named = re.findall(r"`((?:bokko_cli|tests|\.ci)/[\w./]*|[A-Z]+\.md|pyproject\.toml)`", TEXT)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_lines_are_short_enough_to_be_read_as_they_are() -> None:
    long = [line for line in TEXT.splitlines() if len(line) > 120 and not line.startswith(("|", "python3 -m venv"))]
    assert long == []


def test_changelog_says_each_thing_once_under_its_heading() -> None:
    lines = CHANGELOG.read_text("utf-8").splitlines()
    assert [line for line in lines if line.startswith("### ")] == ["### Added", "### Changed", "### Fixed"]
    entries = [line for line in lines if line.startswith("- ")]
    assert len(entries) == len(set(entries))
    assert [line for line in lines if len(line) > 120] == []


@pytest.mark.parametrize(
    ("shown", "seen", "same"),
    [
        (["a 2026-11-26 09:10", "b"], ["a 2031-01-02 23:59", "b"], True),
        (["2026-11-26", "09:10"], ["2031-01-02", "23:59"], True),
        (["a"], ["a", "b"], False),
        (["a", "…"], ["a", "b", "c"], True),
        (["…", "c"], ["a", "b", "c"], True),
        (["a", "…", "c"], ["a", "b", "d"], False),
        (["(0.1 s)"], ["(2.0 s)"], True),
    ],
)
def test_what_varies_and_what_is_left_out_may_differ(shown: list[str], seen: list[str], same: bool) -> None:
    assert matches(shown, seen) is same


def test_example_is_a_command_and_what_is_shown_below_it() -> None:
    text = "```console\n$ bokko --version\nbokko 1\n$ bokko help\n```\n"
    assert [*examples(text)] == [TypedExample("bokko --version", ("bokko 1",)), TypedExample("bokko help", ())]


def test_home_of_a_session_is_as_long_as_the_one_that_is_shown(session: Session) -> None:
    assert len(str(session.home)) == len(str(Path("/home/katalin")))
