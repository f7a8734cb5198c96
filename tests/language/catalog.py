"""Every marked sentence of the package, and the catalogs that translate them."""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import bokko_cli
from bokko_cli.output.hungarian import CATALOGS

PACKAGE = Path(bokko_cli.__file__).parent
KEYWORDS = {"N_": None, "plural": (1, 2)}
MARKS = frozenset(KEYWORDS)


def sources() -> Iterator[Path]:
    """Yield every module whose sentences people read; the one that defines the marks holds none."""
    yield from sorted(path for path in PACKAGE.rglob("*.py") if path.name != "wording.py")


def template() -> Catalog:
    """Extract every marked sentence."""
    found = Catalog(project="bokko", charset="utf-8")
    for path in sources():
        with path.open("rb") as file:
            place = path.relative_to(PACKAGE.parent).as_posix()
            for _, message, comments, _ in extract("python", file, KEYWORDS, ["Translators:"]):
                found.add(message, locations=[(place, 0)], auto_comments=comments)
    return found


def po_file(language: str) -> Path:
    """Return where a language's catalog is."""
    return CATALOGS / language / "LC_MESSAGES" / "bokko.po"


def catalog(language: str) -> Catalog:
    """Read a language's catalog as translators wrote it."""
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(translations: Catalog) -> bytes:
    """Return a catalog as the program reads it."""
    together = BytesIO()
    write_mo(together, translations)
    return together.getvalue()


def update(language: str) -> None:
    """Bring a language's catalog up to the sentences that there are, and compile it; what is new is left empty."""
    path = po_file(language)
    translations = catalog(language) if path.exists() else Catalog(locale=language, project="bokko", charset="utf-8")
    translations.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    translations.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, translations, width=120, sort_output=True, omit_header=False, include_lineno=False)
    path.with_suffix(".mo").write_bytes(compiled(translations))


def marks() -> Iterator[tuple[str, ast.expr]]:
    """Yield every text that is marked, with its place."""
    for path in sources():
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MARKS:
                place = f"{path.relative_to(PACKAGE.parent)}:{call.lineno}"
                yield from ((place, text) for text in call.args[: 2 if call.func.id == "plural" else 1])


def marked() -> set[str]:
    """Return every text that is marked, wherever it stands: an f-string hides what is in it from extraction."""
    return {text.value for _, text in marks() if isinstance(text, ast.Constant) and isinstance(text.value, str)}


def marks_without_a_literal() -> list[str]:
    """Return where a mark's text does not stand as it is, so that nobody could translate it."""
    return [place for place, text in marks() if not (isinstance(text, ast.Constant) and isinstance(text.value, str))]
