"""Bring README's tables and examples up to what the program knows and prints: `python -m tests.readme`."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from tests.readme.document import LEFT_OUT, README, examples, with_output, with_tables
from tests.readme.reference import expected_tables
from tests.readme.session import a_session, matches, same


def renewed(shown: Sequence[str], lines: Sequence[str]) -> list[str]:
    """Return what to show of these lines: from those most like the first of a piece to those most like its last."""
    found: list[str] = []
    rest = list(lines)
    for piece in _pieces(shown):
        if piece == [LEFT_OUT]:
            found += piece
            continue
        start = _most_like(piece[0], rest) if found else 0
        end = start + _most_like(piece[-1], rest[start:]) + 1
        found += rest[start:end]
        rest = rest[end:]
    return found


def _pieces(shown: Sequence[str]) -> Iterator[list[str]]:
    piece: list[str] = []
    for line in shown:
        if line != LEFT_OUT:
            piece.append(line)
            continue
        if piece:
            yield piece
        yield [LEFT_OUT]
        piece = []
    if piece:
        yield piece


def _most_like(line: str, lines: Sequence[str]) -> int:
    """Return which of the lines is most like one."""
    return max(range(len(lines)), key=lambda at: SequenceMatcher(None, same(line), same(lines[at])).ratio())


def main() -> None:
    """Write README anew where it differs."""
    text = with_tables(README.read_text("utf-8"), expected_tables())
    with a_session() as session:
        for example in examples(text):
            ran = session.run(example)
            if ran.code:
                print(f"exit code {ran.code}: {example.command}", *ran.lines, sep="\n")  # noqa: T201 - for whoever runs it
            elif example.shown and not matches(example.shown, ran.lines):
                new = renewed(example.shown, ran.lines) if LEFT_OUT in example.shown else ran.lines
                text = with_output(text, example, new)
    README.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
