"""README as data: its examples with the output they show, its tables, and the same with new contents."""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

README = Path(__file__).parents[2] / "README.md"
LEFT_OUT = "…"
"""A line of its own, where lines are left out."""

_BLOCK = re.compile(r"(?:^<!-- (?P<mark>\w+) -->\n)?^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"^<!-- table: (?P<name>[\w-]+) -->\n(?P<text>(?:\|.*\n)+)", re.MULTILINE)
_LINK = re.compile(r"\]\((?P<target>[^)]+)\)")
Cells = tuple[str, ...]


class Fence(NamedTuple):
    """A fenced block: its kind, the mark in the line above it, and its lines."""

    kind: str
    mark: str
    lines: tuple[str, ...]


class TypedExample(NamedTuple):
    """A command as typed after `$`, and the lines shown below it; none where its output is not shown."""

    command: str
    shown: tuple[str, ...]

    @property
    def is_asked(self) -> bool:
        """Whether it shows questions."""
        return any(line.startswith("? ") for line in self.shown)


def blocks(text: str) -> Iterator[Fence]:
    """Yield each fenced block."""
    for found in _BLOCK.finditer(text):
        yield Fence(found["kind"], found["mark"] or "", tuple(found["text"].splitlines()))


def examples(text: str) -> Iterator[TypedExample]:
    """Yield the commands of all console blocks, in order."""
    for block in blocks(text):
        if block.kind == "console":
            yield from _examples(block.lines)


def _examples(lines: Sequence[str]) -> Iterator[TypedExample]:
    starts = [at for at, line in enumerate(lines) if line.startswith("$ ")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield TypedExample(lines[start].removeprefix("$ "), tuple(lines[start + 1 : end]))


def tables(text: str) -> dict[str, list[Cells]]:
    """Return the rows of each table that has a name, its heading left out."""
    return {found["name"]: [_cells(line) for line in found["text"].splitlines()[2:]] for found in _TABLE.finditer(text)}


def links(text: str) -> list[str]:
    """Return where the links lead."""
    return [found["target"] for found in _LINK.finditer(text)]


def anchors(text: str) -> set[str]:
    """Return the names by which a page's headings are linked to."""
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def with_tables(text: str, rows: Mapping[str, Sequence[Cells]]) -> str:
    """Return the text with these rows in its tables."""

    def renewed(found: re.Match[str]) -> str:
        heading = found["text"].splitlines()[:2]
        body = [f"| {' | '.join(_escaped(cell) for cell in row)} |" for row in rows[found["name"]]]
        return "\n".join([f"<!-- table: {found['name']} -->", *heading, *body, ""])

    return _TABLE.sub(renewed, text)


def with_output(text: str, example: TypedExample, shown: Sequence[str]) -> str:
    """Return the text with this output below the example's command."""
    before = "\n".join([f"$ {example.command}", *example.shown, ""])
    return text.replace(before, "\n".join([f"$ {example.command}", *shown, ""]), 1)


def _cells(line: str) -> Cells:
    return tuple(cell.strip().replace(r"\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1])


def _escaped(cell: str) -> str:
    return cell.replace("|", r"\|")
