"""The rules of the house, as far as no tool knows them: whoever breaks one is told which."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import bokko_cli
from bokko_cli import errors
from bokko_cli.errors import BokkoError

PACKAGE = Path(str(bokko_cli.__file__)).parent
TESTS = Path(__file__).parents[1]
MODULES = sorted(PACKAGE.rglob("*.py"))
TEST_MODULES = sorted(TESTS.rglob("*.py"))

NAME = re.compile("billingo|szamlazz|Számlázz", re.IGNORECASE)
OF_PROVIDERS = ("providers", "sandbox")

MOST_LINES = 300
MOST_LINES_OF_TESTS = 450
LONGER: dict[str, str] = {}
"""Modules that may be longer, each with its reason."""

FOR_NO_MODULE = {"click": "typer brings its own: another one may be installed or not"}


def _named(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _imported(path: Path) -> Iterator[str]:
    """Give what a module imports: modules, and the names that it takes out of them."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _module(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def _needed(path: Path, modules: frozenset[str]) -> frozenset[str]:
    """Return the modules of the package that one imports, wherever in it the import stands."""
    found = {name if name in modules else name.rpartition(".")[0] for name in _imported(path)}
    return frozenset(found & modules - {_module(path)})


def _is_private(name: str) -> bool:
    return any(part.startswith("_") and not part.endswith("__") for part in name.split("."))


def test_no_module_but_the_providers_and_the_sandbox_names_a_provider() -> None:
    paths = [path for path in MODULES if path.relative_to(PACKAGE).parts[0] not in OF_PROVIDERS]
    assert len(paths) > 50
    assert [_named(path) for path in paths if NAME.search(path.read_text("utf-8"))] == []


def test_modules_are_short_or_say_why() -> None:
    long = {_named(path) for path in MODULES if len(path.read_text("utf-8").splitlines()) > MOST_LINES}
    assert sorted(long - set(LONGER)) == []
    assert sorted(set(LONGER) - long) == [], "short again: take it off the list"


def test_modules_of_tests_are_about_one_subject_each() -> None:
    tests = [path for path in TEST_MODULES if path.name.startswith("test_")]
    assert tests
    assert [path.name for path in tests if len(path.read_text("utf-8").splitlines()) > MOST_LINES_OF_TESTS] == []


@pytest.mark.parametrize("name", FOR_NO_MODULE)
def test_what_may_not_be_counted_on_is_imported_nowhere(name: str) -> None:
    assert [_named(path) for path in MODULES if name in {found.partition(".")[0] for found in _imported(path)}] == []


def test_no_test_imports_a_private_name() -> None:
    taken = {path.name: [name for name in _imported(path) if _is_private(name)] for path in TEST_MODULES}
    assert {path: names for path, names in taken.items() if names} == {}
    programs = re.compile(r"from bokko_cli\S* import .*\b_[A-Za-z]")
    assert [path.name for path in TEST_MODULES if programs.search(path.read_text("utf-8"))] == []


def test_no_test_patches_what_it_tests() -> None:
    assert [path.name for path in TEST_MODULES if {"unittest.mock", "mock"} & {*_imported(path)}] == []


def test_every_error_of_ours_stands_with_the_others() -> None:
    """Where the test of their codes and fixes sees them all, whatever is loaded."""
    ours = {name for name, found in vars(errors).items() if isinstance(found, type) and issubclass(found, BokkoError)}
    assert len(ours) > 20
    elsewhere = {
        _named(path): node.name
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ClassDef) and ours & {ast.unparse(base).rpartition(".")[2] for base in node.bases}
    }
    assert {path: name for path, name in elsewhere.items() if path != "errors.py"} == {}


LAZY = {
    "__main__.py": "answers --version before the tree is loaded, and a Ctrl-C while it is",
    "cli/app.py": "the parser's words in another language, and for a narrow terminal",
    "cli/assembly.py": "all else",
}


def test_every_module_stands_on_a_floor() -> None:
    """Else its imports could run upwards, and nothing would tell."""
    settings = tomllib.loads((TESTS.parent / "pyproject.toml").read_text("utf-8"))
    contracts = {each["name"]: each for each in settings["tool"]["importlinter"]["contracts"]}
    floors = contracts["Imports run downwards only"]["layers"]
    named = {name for floor in floors for name in re.split(r" [:|] ", floor)}
    apart = {"bokko_cli", "bokko_cli.model", "bokko_cli.sandbox"}
    unnamed = {name for name in map(_module, MODULES) if not {name, name.rpartition(".")[0]} & named}
    above = {name for name in unnamed if not any(name.startswith(f"{floor}.") for floor in named)}
    assert {name for name in above if not name.startswith("bokko_cli.sandbox.")} == apart
    assert len(floors) <= 12, "the house has about a dozen floors"


MEANT_TWICE = {
    "Options": "each command has its own",
    "run": "the same",
    "main": "each entry has one",
    "items": "each subject of doctor's has one",
    "opener": "each provider has one, and one for rehearsals",
    "variables": "each provider has one",
}


def _defined(path: Path, *, is_test: bool) -> Iterator[str]:
    """Give the public classes and types of a module, and its functions where it is no test's."""
    kinds = (ast.ClassDef,) if is_test else (ast.ClassDef, ast.FunctionDef)
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, kinds):
            yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (name for name in map(ast.unparse, targets) if name[0].isupper() and not name.isupper())


def test_one_name_is_one_thing() -> None:
    """The sandbox apart, which shares nothing: its words are the provider's."""
    homes: dict[str, list[str]] = {}
    for path in [path for path in MODULES if path.relative_to(PACKAGE).parts[0] != "sandbox"]:
        for name in _defined(path, is_test=False):
            homes.setdefault(name, []).append(_named(path))
    for path in TEST_MODULES:
        for name in _defined(path, is_test=True):
            homes.setdefault(name, []).append(path.relative_to(TESTS).as_posix())
    twice = {name: paths for name, paths in homes.items() if len(paths) > 1 and not name.startswith("_")}
    assert {name: paths for name, paths in twice.items() if name not in MEANT_TWICE} == {}
    assert sorted(set(MEANT_TWICE) - set(twice)) == [], "once again: take it off the list"


def test_nothing_is_asserted_that_a_type_could_say() -> None:
    asserting = {_named(path) for path in MODULES if "    assert " in path.read_text("utf-8")}
    assert asserting == {"network/retry.py"}, "only what a library's own type leaves open"


def test_laziness_has_one_home() -> None:
    within = {
        _named(path)
        for path in MODULES
        for outer in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(outer, ast.FunctionDef)
        for node in ast.walk(outer)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert within == set(LAZY)


def test_a_run_has_one_context_one_output_and_one_place_that_builds_a_status() -> None:
    made = {(call, _named(path)) for path in MODULES for call in _called(path)}
    homes = {name: {path for call, path in made if call == name} for name in ("Context", "Status", "output_of")}
    assert homes == {
        "Context": {"cli/assembly.py"},
        "Status": {"commands/shared/statuses.py", "output/spinner.py"},  # the second is rich's
        "output_of": {"cli/ending.py"},
    }
    assert {path for call, path in made if call in {"ctx._replace", "scope.run._replace"}} == set()


def _called(path: Path) -> Iterator[str]:
    yield from (ast.unparse(it.func) for it in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(it, ast.Call))


def test_an_error_is_what_it_was_made_as() -> None:
    """Whoever catches one passes it on as it is, or makes another."""
    theirs = {"message", "fix", "code", "exit_code", "variable", "missing", "was_sent", "args"}
    changed = {
        f"{_named(path)}: {ast.unparse(target)}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute) and target.attr in theirs and ast.unparse(target.value) != "self"
    }
    assert changed == set()
    assert set(vars(BokkoError("It broke."))) <= theirs


def test_nothing_is_called_by_a_name_that_says_nothing() -> None:
    vague = {"utils", "helpers", "managers", "services", "core", "misc", "common_utils"}
    assert [_named(path) for path in MODULES if vague & {path.stem, *path.relative_to(PACKAGE).parts}] == []


def test_no_module_needs_one_that_needs_it() -> None:
    """Nor by way of others; an import within a function counts too, where no other tool looks."""
    names = frozenset(map(_module, MODULES))
    left = {_module(path): _needed(path, names) for path in MODULES}
    assert sum(map(len, left.values())) > 500
    while free := {name for name, needs in left.items() if not needs & left.keys()}:
        left = {name: needs for name, needs in left.items() if name not in free}
    assert sorted(left) == []
