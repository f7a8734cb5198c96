"""The figures as tables: each beside its bound, and how each grows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

TIMES_BARE = "×"  # noqa: RUF001 -- the sign is meant
"""Unit of a ratio to `python -c pass`."""

Judgement = Literal["beyond", "ok", "over", ""]


@dataclass(frozen=True, slots=True)
class Bound:
    """What may be reached at most; `beyond` is what would be better still."""

    most: float
    beyond: float | None = None

    def verdict(self, value: float) -> Judgement:
        """Judge a figure; one that is exactly at its bound is within."""
        if self.beyond is not None and value <= self.beyond:
            return "beyond"
        return "ok" if value <= self.most else "over"


@dataclass(frozen=True, slots=True)
class Figure:
    """One row: a measured value, and its bound where there is one."""

    what: str
    value: float
    unit: str = TIMES_BARE
    bound: Bound | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """What a command costs over so many things."""

    count: int
    times_bare: float
    megabytes: float


def figures_table(figures: Sequence[Figure]) -> str:
    """Return the figures with their bounds; `of bound` is the measured value over it."""
    return _table(
        ("what", "measured", "bound", "of bound", "beyond", "of beyond", "verdict"),
        [_figure_cells(figure) for figure in figures],
    )


def growth_table(what: str, sizes: Sequence[Size]) -> str:
    """Return what each size costs, and how many times the one before it."""
    before = (None, *sizes[:-1])
    return _table(
        (what, "time", "over the row above", "peak memory", "over the row above"),
        [_size_cells(size, last) for size, last in zip(sizes, before, strict=True)],
    )


def _figure_cells(figure: Figure) -> tuple[str, ...]:
    measured = _with_unit(figure.value, figure.unit)
    if figure.bound is None:
        return (figure.what, measured, "", "", "", "", "")
    most, beyond = figure.bound.most, figure.bound.beyond
    further = (f"{beyond:g}", f"{figure.value / beyond:.2f}") if beyond is not None else ("", "")
    return (
        figure.what, measured, f"{most:g}", f"{figure.value / most:.2f}", *further, figure.bound.verdict(figure.value)
    )  # fmt: skip


def _size_cells(size: Size, last: Size | None) -> tuple[str, ...]:
    time, memory = _with_unit(size.times_bare, TIMES_BARE), _with_unit(size.megabytes, "MB")
    if last is None:
        return (f"{size.count:,}", time, "", memory, "")
    slower, larger = size.times_bare / last.times_bare, size.megabytes / last.megabytes
    return (f"{size.count:,}", time, f"{slower:.2f}", memory, f"{larger:.2f}")


def _with_unit(value: float, unit: str) -> str:
    return f"{value:.2f}{unit}" if unit == TIMES_BARE else f"{value:.2f} {unit}".rstrip()


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [head, ["-" * width for width in widths], *rows]
    return "\n".join(_line(cells, widths) for cells in lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *others = zip(cells, widths, strict=True)
    return "| " + " | ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]) + " |"
