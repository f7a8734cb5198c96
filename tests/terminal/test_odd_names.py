"""Names in any letters, in the wizard and in lists, drawn and in plain lines: nothing is cut, shifted or hidden."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest
from rich.cells import cell_len

pytest.importorskip("pexpect", reason="a pseudo-terminal is POSIX only")
from tests.fake_billingo import FakeBillingo, account, block
from tests.servers import Server
from tests.terminal.conftest import Start

HEBREW, ARABIC = "\u05e9\u05dc\u05d5\u05dd", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629"
NAMES = {
    "A\u0301rvi\u0301ztu\u030bro\u030b": "A\u0301rvi\u0301ztu\u030bro\u030b",
    "株式会社テスト": "株式会社テスト",
    "👨\u200d👩\u200d👧 család 👍🏽❤\ufe0f 🇭🇺": "👨👩👧 család 👍❤ HU",
    f"\u202e{HEBREW}\u202c \u2067{ARABIC}\u2069": f"{HEBREW} {ARABIC}",
    "\u200b\u200bzero\u200bwidth\u2060": "zerowidth",
    "L" * 120: "L" * 120,
    "x": "x",
    " \u00a0\u3000\u3164 ": "(no name)",
    "e" + "\u0301" * 9 + "z": "e" + "\u0301" * 9 + "z",
    "[/b] :heart: \x1b[2J": "[/b] :heart: [2J",
}
"""Names as a provider has them, and as they are shown."""
TYPICAL = {1, 2, 3, 5}
"""Wide letters, signs put together, letters from right to left, and a name that is longer than any line."""
NUMBERS = pytest.mark.parametrize(
    "number",
    [
        number if number in TYPICAL else pytest.param(number, marks=pytest.mark.exhaustive)
        for number in range(len(NAMES))
    ],
)
WAYS = pytest.mark.parametrize("environ", [{}, {"BOKKO_ACCESSIBLE": "1"}], ids=["drawn", "plain"])
CONTROLS = "\u200b\u200d\u2060\u202c\u202e\u2067\u2069\ufe0f\u3164"


@pytest.fixture
def fake() -> Iterator[tuple[FakeBillingo, str]]:
    provider = FakeBillingo(
        blocks=[block(100 + number, name, f"P{number}") for number, name in enumerate(NAMES)],
        accounts=[account(7000 + number, name, "117", "HUF") for number, name in enumerate(NAMES)],
    )
    with Server(provider.answer) as server:
        yield provider, f"{server.url}/v3"


def letters(text: str) -> str:
    """Return what is shown without blanks, frames and breaks, composed as the emulated screen does."""
    return "".join(unicodedata.normalize("NFC", text).translate(str.maketrans("", "", "│╭╮╰╯─")).split())


@WAYS
@pytest.mark.parametrize("columns", [80, pytest.param(40, marks=pytest.mark.exhaustive)])
@NUMBERS
def test_name_is_whole_wherever_it_stands(
    start: Start, fake: tuple[FakeBillingo, str], environ: Mapping[str, str], columns: int, number: int
) -> None:
    provider, url = fake
    shown = letters(list(NAMES.values())[number])
    environ = {**environ, "BOKKO_BILLINGO_URL": url, "BOKKO_BILLINGO_API_KEY": provider.key}
    flags = ("--key-storage", "file", "--block", f"id:{100 + number}")
    wizard = start("billingo", "connect", *flags, environ=environ, columns=columns, rows=200)
    wizard.wait_for("[/b] :heart:")
    wizard.type(f"{number + 1}\r" if "BOKKO_ACCESSIBLE" in environ else "\x1b[B" * number + "\r")
    for question in ("Default VAT rate", "Default payment method", "Tax number", "Invoice capable", "Accepts business"):
        wizard.wait_for(question)
        wizard.type("\r")
    wizard.wait_for("Save this?")
    wizard.type("\r")
    assert wizard.wait_exit() == 0
    told = wizard.history()
    assert letters(told).count(shown) >= 5  # the list, the answer or the review, the panel
    framed = [line for line in told.splitlines() if line.startswith(("│", "╭", "╰"))]
    assert {cell_len(line) for line in framed} <= {columns}
    lists = [start(*words, environ=environ, columns=columns, rows=200) for words in (("billingo", "blocks"),
             ("billingo", "accounts"), ("billingo", "status", "--all-profiles"), ("integrations",))]  # fmt: skip
    for each in lists:
        assert each.wait_exit() == 0
    for each in lists[:3]:
        assert Counter(shown) <= Counter(letters(each.history()))  # a name may go on below, beside other columns
    written = b"".join(each.raw() for each in (wizard, *lists)).decode()
    assert not set(CONTROLS) & set(written)
    assert "\x1b[2J" not in written
