"""Sentences for people: marked where they stand, filled at once in English, translated on the way out."""

from collections.abc import Callable, Mapping

Translate = Callable[[str, str, int], str]
"""Takes a template, its plural form (empty where there is none) and the count; returns the template in a language."""

NO_BREAK = "\N{NO-BREAK SPACE}"
"""Stands for a blank that no line may break at."""
WHOLE_BLANK = "\N{NARROW NO-BREAK SPACE}"
"""Stands on its way to people for a blank of what stays whole."""


class Whole(str):
    """A text to be copied, such as a command: for people no line breaks at its blanks."""

    __slots__ = ()


class Sentence(str):
    """Whole sentences with named fields; as a text it is its English, which is all that scripts and logs need.

    `template` is what translators see, `fields` fill it; a field may be a Sentence too. `parts` are the lines of a
    text that is only put together; its template is empty.
    """

    __slots__ = ("fields", "number", "parts", "plural", "template")

    template: str
    plural: str
    number: int
    fields: Mapping[str, object]
    parts: tuple[str, ...]

    def filled(self, **fields: object) -> "Sentence":
        """Return the sentence with its fields, where it was marked before they were known."""
        return _made(self.template, self.plural, self.number, fields)


def N_(template: str, /, **fields: object) -> Sentence:  # noqa: N802 - gettext's name for: marked here, translated later
    """Mark a sentence; `{name}` in it stands for the field of that name."""
    return _made(template, "", 1, fields)


def marked(text: str) -> Sentence:
    """Make a sentence of a text that was marked where it stands, in a part of the program that knows no sentences."""
    return _made(text, "", 1, {})


def plural(one: str, many: str, count: int, /, **fields: object) -> Sentence:
    """Mark a sentence that has a form for one and a form for many; `{count}` in it is the number."""
    return _made(one, many, count, {"count": count, **fields})


def lines(*parts: str) -> Sentence:
    """Put texts below each other; each stays a sentence of its own for translators."""
    together = _made("", "", 1, {}, "\n".join(parts))
    together.parts = parts
    return together


def translated(text: str, translate: Translate, shown: Callable[[object], object] = str) -> str:
    """Return a text in another language, its fields too; what was never marked stays as it is.

    `shown` turns a field that is no text, a date or a number, into what formats itself in the language.
    """
    if isinstance(text, Whole):
        return text.replace(" ", WHOLE_BLANK)
    if not isinstance(text, Sentence):
        return text
    if text.parts:
        return "\n".join(translated(part, translate, shown) for part in text.parts)
    fields = {
        name: translated(value, translate, shown) if isinstance(value, str) else shown(value)
        for name, value in text.fields.items()
    }
    template = translate(text.template, text.plural, text.number)
    return template.format_map(fields) if fields else template


def _made(template: str, many: str, count: int, fields: Mapping[str, object], whole: str | None = None) -> Sentence:
    if whole is None:
        chosen = template if count == 1 or not many else many
        whole = chosen.format_map(fields) if fields else chosen
    sentence = Sentence(whole)
    sentence.template, sentence.plural, sentence.number = template, many, count
    sentence.fields, sentence.parts = fields, ()
    return sentence
