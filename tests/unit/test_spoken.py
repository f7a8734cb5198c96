"""What is printed in plain lines: pages, lists and news, each line whole by itself."""

import io
from datetime import UTC, datetime

from bokko_cli.model.wording import N_
from bokko_cli.output.language import in_language
from bokko_cli.output.page import BLANK, Entry, Page, Paragraph, Styled
from bokko_cli.output.spoken import SpokenScreen


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
    with SpokenScreen(stream, in_language("hu")).spinner(N_("No answer came in time.")) as change:
        change(N_("No answer came in time."))
        for wait in (1, 2):
            change(N_("The connection to {provider} broke off; trying again in {wait} s…", provider="P", wait=wait))
    assert stream.getvalue() == ("Nem érkezett időben válasz.\nP: megszakadt a kapcsolat; új próbálkozás 1 mp múlva…\n")
