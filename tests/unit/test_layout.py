"""Where lines break on a screen: never inside what is copied, and set in below how they begin."""

import pytest

from bokko_cli.errors import BokkoError
from bokko_cli.model.diagnosis import command
from bokko_cli.model.invocation import Invocation
from bokko_cli.model.wording import N_, Whole
from bokko_cli.output.console import Screen
from bokko_cli.output.language import in_language
from bokko_cli.output.page import Entry, Page, Paragraph, Styled
from bokko_cli.output.people import People
from bokko_cli.output.spoken import SpokenScreen
from tests.unit.screens import FakeScreen

COMMAND = Invocation("shop", sandbox=True).command("billingo", "rehearse", "--clean")
WORDS = "bokko --sandbox --profile shop billingo rehearse --clean"
WIDTHS = [20, 24, 30, 40, 60, 80, 120, 200]


@pytest.fixture(autouse=True)
def _without_color(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")


def at(columns: int, monkeypatch: pytest.MonkeyPatch) -> tuple[FakeScreen, Screen]:
    monkeypatch.setenv("COLUMNS", str(columns))
    stream = FakeScreen()
    return stream, Screen(stream, in_language("en"))


@pytest.mark.parametrize("columns", WIDTHS)
@pytest.mark.parametrize(
    "told",
    [
        N_("Next: prove with a draft that invoicing will work: {command}", command=COMMAND),
        N_("→ {fix}", fix=COMMAND),
        N_("Run: {command}", command=command(COMMAND)),
        Whole(f"  {COMMAND}"),
    ],
)
def test_command_stands_in_one_line_at_any_width(monkeypatch: pytest.MonkeyPatch, columns: int, told: str) -> None:
    stream, screen = at(columns, monkeypatch)
    screen.lines(told)
    (line,) = [line for line in stream.getvalue().splitlines() if "bokko" in line]
    assert line.endswith(WORDS)
    assert len(line) <= max(columns, len(WORDS) + 2)


def test_command_is_plain_words_for_scripts_in_pipes_and_where_it_is_heard() -> None:
    pipe, heard = FakeScreen(is_terminal=False), FakeScreen()
    People(pipe, pipe, {}, Screen, in_language("hu")).complain(BokkoError("It broke.", fix=COMMAND))
    SpokenScreen(heard, in_language("hu")).lines(N_("→ {fix}", fix=COMMAND))
    assert pipe.getvalue() == f"Hiba: It broke.\n→ {WORDS}\n"
    assert heard.getvalue() == f"Teendő: {WORDS}\n"
    assert f"{COMMAND}" == WORDS


@pytest.mark.parametrize("columns", WIDTHS)
def test_page_has_a_frame_unless_a_command_needs_the_whole_width(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    stream, screen = at(columns, monkeypatch)
    screen.page(Page("Title", [Entry(Styled("Label"), Styled("value")), Paragraph(Styled(N_("→ {fix}", fix=COMMAND)))]))
    lines = stream.getvalue().splitlines()
    assert sum(WORDS in line for line in lines) == 1
    assert any("value" in line for line in lines)
    assert ("│" in stream.getvalue()) is (columns >= len(f"│ → {WORDS} │"))
    assert all(len(line) <= columns or line.endswith(WORDS) for line in map(str.rstrip, lines))


def test_frame_is_wider_for_a_command_that_needs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, screen = at(200, monkeypatch)
    long = Whole("bokko " + "word " * 25 + "end")
    screen.page(Page("Title", [Paragraph(Styled(N_("→ {fix}", fix=long)), indent=2)]))
    assert f"│   → {long} " in stream.getvalue()


def test_what_stands_behind_a_sign_is_set_in(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, screen = at(32, monkeypatch)
    screen.lines("  ✓ Set: ONE_VARIABLE, ANOTHER_VARIABLE\n    → Look at them again, one by one.")
    assert stream.getvalue() == (
        "  ✓ Set: ONE_VARIABLE,\n    ANOTHER_VARIABLE\n    → Look at them again, one by\n      one.\n"
    )


@pytest.mark.parametrize("columns", range(8, 24))
def test_no_sign_stands_alone(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    stream, screen = at(columns, monkeypatch)
    screen.lines("  ✓ ~/bokko/sandbox/default.secrets.toml (0600)")
    assert stream.getvalue().startswith("  ✓ ~/bokko/sandbox/default.secrets.toml\n")


def test_cells_stand_below_each_other_where_they_do_not_fit_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "  Billingo      http://127.0.0.1:43061/v3\n    sandbox-down         an outage with a trace id"
    wide, screen = at(60, monkeypatch)
    screen.lines(text)
    middle, screen = at(43, monkeypatch)
    screen.lines(text)
    narrow, screen = at(31, monkeypatch)
    screen.lines(text)
    assert wide.getvalue() == f"{text}\n"
    assert middle.getvalue() == (
        "  Billingo      http://127.0.0.1:43061/v3\n    sandbox-down\n      an outage with a trace id\n"
    )
    assert narrow.getvalue() == (
        "  Billingo\n    http://127.0.0.1:43061/v3\n    sandbox-down\n      an outage with a trace id\n"
    )


def test_value_that_would_break_inside_a_word_stands_below_its_label(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, screen = at(50, monkeypatch)
    path = "/home/anna/.config/bokko/default.toml"
    screen.page(Page("", [Entry(Styled("Settings file"), Styled(path)), Entry(Styled("Profile"), Styled("default"))]))
    assert [line[2:-2].rstrip() for line in stream.getvalue().splitlines()[1:-1]] == [
        "Settings file",
        f"  {path}",
        "Profile        default",
    ]


def test_time_stays_in_one_line_of_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    for columns in range(20, 60):
        stream, screen = at(columns, monkeypatch)
        screen.table(
            [{"Profile": "the first", "Last verified": "2026.\xa011.\xa026.\xa016:20", "Problem": "all of it"}]
        )
        assert "2026. 11. 26. 16:20" in stream.getvalue() or columns < 21


def test_screen_has_the_width_that_the_terminal_has_now(monkeypatch: pytest.MonkeyPatch) -> None:
    stream, screen = at(40, monkeypatch)
    screen.lines("Before it was made wider.")
    for columns in (24, 60):
        monkeypatch.setenv("COLUMNS", str(columns))
        screen.lines("One two three four five six seven.")
        screen.page(Page("Title", []))
    assert stream.getvalue().splitlines() == [
        "Before it was made wider.",
        "One two three four five", "six seven.", "╭─ Title ──────────────╮", "╰──────────────────────╯",
        "One two three four five six seven.", f"╭─ Title {'─' * 50}╮", f"╰{'─' * 58}╯",
    ]  # fmt: skip
