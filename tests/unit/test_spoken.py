"""What is printed in plain lines: pages, lists and news, each line whole by itself."""

import io
from datetime import UTC, datetime

import pytest

from bokko_cli.errors import BokkoError
from bokko_cli.model.values import Item
from bokko_cli.model.wording import N_
from bokko_cli.output.base import StepResult
from bokko_cli.output.findings import finding
from bokko_cli.output.hungarian import in_hungarian
from bokko_cli.output.page import BLANK, Entry, Page, Paragraph, Styled
from bokko_cli.output.people import People
from bokko_cli.output.plain import error_lines
from bokko_cli.output.spoken import SpokenScreen
from tests.unit.screens import FakeScreen


def screen() -> tuple[SpokenScreen, io.StringIO]:
    stream = io.StringIO()
    return SpokenScreen(stream, str), stream


def test_page_says_each_row_in_a_line() -> None:
    spoken, stream = screen()
    rows: list[Entry | Paragraph] = [
        Entry(Styled("Profile", "bold"), Styled("default")), Entry(Styled(""), Styled("more")), BLANK,
        Entry(Styled("Connected on"), Styled(datetime(2026, 11, 22, 21, 57, tzinfo=UTC))),
        Paragraph(Styled("It broke."), Styled("Error:", "bold red")),
    ]  # fmt: skip
    spoken.page(Page("Billingo", rows))
    assert stream.getvalue().startswith("Billingo\nProfile: default\nmore\n\nConnected on: 2026-11-22")
    assert stream.getvalue().endswith("\nError: It broke.\n")


def test_row_of_a_list_names_its_fields() -> None:
    spoken, stream = screen()
    spoken.table([{"id": 1, "name": "Webshop\x1b[31m", "prefix": None}, {"id": 2, "name": "Bolt", "prefix": "B"}])
    assert stream.getvalue() == "id: 1; name: Webshop [31m; prefix:\nid: 2; name: Bolt; prefix: B\n"


def test_wait_is_said_once_and_news_by_their_kind() -> None:
    spoken, stream = screen()
    with spoken.spinner("Asking…") as change:
        change("Billingo is busy; trying again in 1 s.")
        change("Billingo is busy; trying again in 2 s.")
    assert stream.getvalue() == "Asking…\nBillingo is busy; trying again in 1 s.\n"


def test_lines_break_between_words_and_keep_their_indent() -> None:
    spoken, stream = screen()
    spoken.lines("    " + "word " * 40, "bold red")
    lines = stream.getvalue().splitlines()
    assert max(map(len, lines)) <= 80
    assert all(line.startswith("    word") for line in lines)


def test_news_while_something_takes_long_is_said_once_and_in_the_readers_language() -> None:
    stream = io.StringIO()
    with SpokenScreen(stream, in_hungarian).spinner(N_("No answer came in time.")) as change:
        change(N_("No answer came in time."))
        for wait in (1, 2):
            change(N_("The connection to {provider} was lost; trying again in {wait} s…", provider="P", wait=wait))
    assert stream.getvalue() == ("Nem érkezett időben válasz.\nP: megszakadt a kapcsolat; új próbálkozás 1 mp múlva…\n")


def test_signs_of_the_panel_are_not_heard_and_their_words_are() -> None:
    spoken, stream = screen()
    spoken.page(
        Page(
            "Billingo",
            [
                Entry(Styled("Connection status", "bold"), Styled("✗ Needs attention", "bold red")),
                Entry(Styled("", "bold"), Styled("! Warning: it ends soon.")),
                Entry(Styled("Document block", "bold"), Styled("✓ Webshop → new")),
                Paragraph(Styled("It broke → there."), Styled("✗ Error:", "bold red"), indent=2),
                Paragraph(Styled("→ bokko billingo connect"), indent=2),
            ],
        )
    )
    assert stream.getvalue() == (
        "Billingo\nConnection status: Needs attention\nWarning: it ends soon.\nDocument block: ✓ Webshop → new\n"
        "Error: It broke → there.\nWhat to do: bokko billingo connect\n"
    )


@pytest.mark.parametrize(
    ("item", "heard"),
    [
        (Item("program", "version", "ok", N_("bokko 1.0")), "  bokko 1.0\n"),
        (
            Item("network", "address", "problem", N_("It is down."), N_("Wait.")),
            "  Problem: It is down.\n    What to do: Wait.\n",
        ),
        (
            Item("network", "time", "warning", N_("It is slow."), N_("Wait.")),
            "  Warning: It is slow.\n    What to do: Wait.\n",
        ),
    ],
)
def test_what_doctor_found_is_heard_in_words(item: Item, heard: str) -> None:
    spoken, stream = screen()
    spoken.lines(finding(item))
    assert stream.getvalue() == heard


def test_error_is_heard_with_what_to_do_in_the_readers_language() -> None:
    stream = io.StringIO()
    SpokenScreen(stream, in_hungarian).lines(error_lines(BokkoError("It broke.", fix="Wait.")))
    assert stream.getvalue() == "Hiba: It broke.\nTeendő: Wait.\n"


@pytest.mark.parametrize("variable", [("BOKKO_ACCESSIBLE", "1"), ("TERM", "dumb")])
def test_steps_are_heard_with_their_outcome_in_a_word(
    monkeypatch: pytest.MonkeyPatch, variable: tuple[str, str]
) -> None:
    monkeypatch.setenv(*variable)
    stream = FakeScreen()
    people = People(stream, stream, {}, SpokenScreen, str)
    people.step(StepResult("Write access", "passed", 0.213))
    people.step(StepResult("Draft", "failed", 1.0, "Billingo refused it."))
    people.step(StepResult("Read back", "unknown"))
    people.step(StepResult("Clean up", "skipped"))
    assert stream.getvalue() == (
        "Write access: passed (0.2 s)\nDraft: failed: Billingo refused it. (1.0 s)\n"
        "Read back: not known\nClean up: skipped\n"
    )
