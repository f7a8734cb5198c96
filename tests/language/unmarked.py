"""Texts for people that nobody marked, found in the source itself: what is not marked stays English in every language.

Two nets: words in a literal that is no mark, wherever they stand, and what is handed to those who speak to people.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.language.catalog import MARKS, PACKAGE, sources

WORDS = re.compile(r"[^\W\d_]{2,},? [^\W\d_]{2,}")
"""Two words with a blank between: enough for a text that somebody reads."""
NOT_FOR_PEOPLE = frozenset(
    {
        "sandbox/",  # answers as the providers do, in their words
        "cli/debugging.py",  # --debug stays English
        "cli/examples.py",  # commands; their explanations are marked
    }
)
AS_THEY_ARE = frozenset(
    {
        "Próba utca 1.", "sikertelen bejelentkezés", "BOKKO rehearsal",  # what providers read and say
        "storage, slot", "at, outcome", "true, false",  # keys and values of a settings file
        "bold red", "bold yellow",  # styles
        " (at end of document)", "flock not supported", "head counts",  # what libraries say and are told
        "no whole answer in time", "no time left to ask",  # of exceptions that never reach a person
        "not a command of ours", "the item's name", "a line that is no marked sentence", "the field ",  # a slip of ours
        "Error: Unexpected error: ",  # where the report that is marked has crashed itself
        "COMMAND ARG…", " connect --api-key-file key.txt --no-input", " connect --key-storage env --no-input",
        "the stream is closed",  # compared with the marked one in `model/reason`
        # What the parser says by itself, to be found and replaced.
        "Show this message and exit.", "Install completion for the current shell.",
        "Show completion for the current shell, to copy it or customize the installation.",
    }
)  # fmt: skip
"""Words that are rightly not marked."""
SPEAKERS: Mapping[str, tuple[int, ...]] = {
    "say": (0,),
    "warn": (0,),
    "notify": (0,),
    "Problem": (2, 3),
    "Choice": (1,),
    "Fault": (2,),
    "Misfit": (1,),
    "Place": (2,),
    "Styled": (0,),
    "Command": (1,),
    "Flag": (2,),
    "Meaning": (1, 2),
    "Variable": (1,),
}
"""Who takes texts for people, and at which places; an error takes one as its first, whatever it is called."""
_IN_WORDS = frozenset({"words", "title_of", "reason_of"})
NAMED = frozenset({"fix", "help", "no_help", "question", "label", "message", "note", "detail", "where_to_make"})
"""Arguments that are texts for people, by name."""


def unmarked_words() -> list[str]:
    """Return every literal of several words that is no mark, no docstring, no log line and no type."""
    return [
        f"{place}: {literal.value!r}"
        for place, tree in _trees()
        for literal in _literals(tree)
        if WORDS.search(str(literal.value)) and not _is_fixed(str(literal.value))
    ]


def glued_texts(errors: frozenset[str]) -> list[str]:
    """Return every text put together or spelt out where it is handed to people; `errors` are our errors' names."""
    return [
        f"{place}:{text.lineno}: {ast.unparse(text)}" for place, tree in _trees() for text in glued_in(tree, errors)
    ]


def glued_in(tree: ast.AST, errors: frozenset[str]) -> list[ast.expr]:
    """Return the same of one module."""
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [text for call in calls for text in _handed_over(call, errors) if _is_glued(text)]


def all_literals() -> set[str]:
    """Return every text that stands in the package."""
    return {str(literal.value) for _, tree in _trees() for literal in _literals(tree)}


def marks_of_halves() -> list[str]:
    """Return every mark that is added to something, or changed on its way to people."""
    return [
        f"{place}:{node.lineno}: {ast.unparse(node)}"
        for place, tree in _trees()
        for node in ast.walk(tree)
        if (isinstance(node, ast.BinOp) and (_is_mark(node.left) or _is_mark(node.right)))
        or (isinstance(node, ast.FormattedValue) and _is_mark(node.value))
        or (isinstance(node, ast.Attribute) and _is_mark(node.value))
    ]


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sources():
        place = path.relative_to(PACKAGE).as_posix()
        if not any(place.startswith(each) for each in NOT_FOR_PEOPLE):
            yield place, ast.parse(Path(path).read_text("utf-8"))


def _literals(tree: ast.Module) -> Iterator[ast.Constant]:
    """Yield the texts of a module but for marks, docstrings, types and what goes into the log."""
    left_out = {id(node) for parent in ast.walk(tree) for part in _left_out(parent) for node in ast.walk(part)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in left_out:
            yield node


def _left_out(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Expr(value=ast.Constant()):
            yield node
        case ast.AnnAssign(annotation=kind) | ast.arg(annotation=ast.expr() as kind):
            yield kind
        case ast.FunctionDef(returns=ast.expr() as returns):
            yield returns
        case ast.Call(func=ast.Name(id="cast" | "TypeVar"), args=args):
            yield from args[:1]
        case ast.Call(func=ast.Name(id=name), args=args) if name in MARKS:
            yield from (part for part in args if isinstance(part, ast.Constant))
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log"))):
            yield node
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr="compile")):
            yield node


def _is_fixed(text: str) -> bool:
    is_command = "bokko " in text or "pass show" in text
    return text in AS_THEY_ARE or is_command or text.startswith("<?xml")


def _handed_over(call: ast.Call, errors: frozenset[str]) -> Iterator[ast.expr]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if ast.unparse(call.func) == "self._plain.say":
        return  # lays out what was translated already
    places = (0,) if name in errors else SPEAKERS.get(name, ())
    yield from (call.args[place] for place in places if place < len(call.args))
    if name not in MARKS:
        yield from (keyword.value for keyword in call.keywords if keyword.arg in NAMED)


def _is_glued(text: ast.expr) -> bool:
    match text:
        case ast.Constant(value=str(value)):
            return value not in AS_THEY_ARE and any(character.isalpha() for character in value)
        case ast.JoinedStr() | ast.BinOp():
            return True
        case ast.IfExp():
            return _is_glued(text.body) or _is_glued(text.orelse)
        case ast.Call(func=ast.Attribute(attr="join" | "lower" | "capitalize" | "format")):
            return True
    return False


def _is_mark(node: ast.expr) -> bool:
    """Whether it is a mark, or a call of what returns marked words."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {*MARKS, *_IN_WORDS}
