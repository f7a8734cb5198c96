"""What is said on standard error: wrapped, harmless, in the reader's language, and unable to fail."""

import io
import os
import re
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

import pytest

from bokko_cli.errors import BokkoError, Cancelled
from bokko_cli.model.wording import N_, lines, translated
from bokko_cli.output.base import StepResult
from bokko_cli.output.console import DrawnScreen
from bokko_cli.output.language import in_english
from bokko_cli.output.people import People
from bokko_cli.output.scripts import Scripts
from tests.unit.screens import FakeScreen

HOSTILE = "a\x1b[2Jb\x9bc\u202ed\u200be\x07\r\n    f [/x][b]:heart:"
SECONDS = StepResult("Write access", "passed", 0.213)


def people(stream: io.StringIO | io.TextIOWrapper) -> People:
    return People(stream, stream, {}, DrawnScreen, in_english)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> FakeScreen:
    monkeypatch.setenv("COLUMNS", "30")
    monkeypatch.setenv("NO_COLOR", "1")
    return FakeScreen()


def test_each_of_several_things_to_do_has_an_arrow_of_its_own(screen: FakeScreen) -> None:
    error = BokkoError("Two are wrong.", fix=lines(N_("Correct the first one."), N_("Correct the second one.")))
    people(screen).report(error)
    assert screen.getvalue() == "Error: Two are wrong.\n→ Correct the first one.\n→ Correct the second one.\n"
    assert error.fix == "Correct the first one.\nCorrect the second one."


def test_words_are_wrapped_where_the_terminal_would_cut_them(screen: FakeScreen) -> None:
    people(screen).say("One two three four five six seven.\n    an indented line that is long\n\nEnd.")
    assert screen.getvalue() == (
        "One two three four five six\nseven.\n    an indented line that is\n    long\n\nEnd.\n"
    )


def test_command_in_a_fix_is_never_broken(screen: FakeScreen) -> None:
    people(screen).report(BokkoError("It broke.", fix="https://app.billingo.hu/a-very-long-address/that-goes-on"))
    assert screen.getvalue().splitlines()[-1].endswith("https://app.billingo.hu/a-very-long-address/that-goes-on")


@pytest.mark.parametrize("is_terminal", [True, False])
def test_error_and_warning_say_in_words_what_they_are(screen: FakeScreen, *, is_terminal: bool) -> None:
    stream = screen if is_terminal else FakeScreen(is_terminal=False)
    output = people(stream)
    output.warn("Careful.")
    output.report(BokkoError("It broke.", fix="Fix it."))
    output.end_with(Cancelled("Nothing was changed."))
    assert stream.getvalue() == "Warning: Careful.\nError: It broke.\n→ Fix it.\nNothing was changed.\n"


def test_error_that_somebody_leaves_with_is_told_once(screen: FakeScreen) -> None:
    output, error = people(screen), BokkoError("It broke.", fix="Fix it.")
    output.report_before_asking(error)
    output.end_with(error)
    assert screen.getvalue().count("It broke.") == 1
    output.end_with(BokkoError("It broke.", fix="Fix it."))
    assert screen.getvalue().count("It broke.") == 2


def test_error_that_nobody_was_asked_about_is_told_when_it_ends_the_command(screen: FakeScreen) -> None:
    output, error = people(screen), BokkoError("It broke.", fix="Fix it.")
    output.report(error)
    output.end_with(error)
    assert screen.getvalue().count("It broke.") == 2


def test_colour_is_on_the_label_only(screen: FakeScreen, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "xterm")
    people(screen).warn("Careful: it is hot.")
    assert screen.getvalue() == "\x1b[1;33mWarning:\x1b[0m Careful: it is hot.\n"


@pytest.mark.parametrize(
    ("variables", "is_painted"),
    [
        ({}, True),
        ({"FORCE_COLOR": ""}, True),
        ({"FORCE_COLOR": "0"}, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "0"}, False),
        ({"TERM": "dumb"}, False),
        ({"BOKKO_ACCESSIBLE": "1"}, False),
        ({"TTY_COMPATIBLE": "0"}, True),
    ],
)
def test_terminal_is_painted_unless_somebody_says_no(
    screen: FakeScreen, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], *, is_painted: bool
) -> None:
    for name, value in {"TERM": "xterm", "NO_COLOR": "", **variables}.items():
        monkeypatch.setenv(name, value)
    people(screen).warn("Careful.")
    assert ("\x1b" in screen.getvalue()) is is_painted


@pytest.mark.parametrize(("forced", "is_painted"), [("1", True), ("3", True), ("0", False), ("", False)])
def test_panel_in_a_pipe_is_painted_only_when_forced(
    monkeypatch: pytest.MonkeyPatch, forced: str, *, is_painted: bool
) -> None:
    monkeypatch.setenv("FORCE_COLOR", forced)
    monkeypatch.setenv("TERM", "dumb")
    stream = FakeScreen(is_terminal=False)
    DrawnScreen(stream, str).lines("Error: no.", "bold red")
    assert ("\x1b" in stream.getvalue()) is is_painted


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
@pytest.mark.parametrize("is_terminal", [True, False])
def test_whatever_is_said_moves_no_cursor_and_is_no_markup(
    encoding: str, monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("NO_COLOR", "1")
    stream = FakeScreen(encoding, is_terminal=is_terminal)
    output = people(stream)
    for speak in (output.say, output.warn, lambda text: output.report(BokkoError(text, fix=text))):
        speak(HOSTILE)
    assert {line.strip() for line in stream.getvalue().splitlines()} >= {"f [/x][b]:heart:"}
    assert "a [2Jb cde" in stream.getvalue()
    assert not set(stream.getvalue()) & set("\x1b\x9b\u202e\u200b\x07\r\ufdd0")


@pytest.mark.parametrize("is_terminal", [True, False])
def test_signs_of_ours_are_spelled_out_where_the_encoding_lacks_them(
    monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stream = FakeScreen("ascii", is_terminal=is_terminal)
    people(stream).report(BokkoError("A · B…", fix="Fix it."))
    people(stream).step(SECONDS)
    assert stream.getvalue() == "Error: A - B...\n-> Fix it.\n+ Write access (0.2 s)\n"


@pytest.mark.parametrize("is_terminal", [True, False])
@pytest.mark.parametrize(
    ("encoding", "shown"),
    [
        ("utf-8", "✓ Árvíztűrő tükörfúrógép · „ő” \u2013 o\u030b"),
        ("cp1250", "+ Árvíztűrő tükörfúrógép · „ő” \u2013 ő"),
        ("iso8859-2", '+ Árvíztűrő tükörfúrógép - "ő" - ő'),
        ("ascii", '+ Arvizturo tukorfurogep - "o" - o'),
        ("no-such-encoding", "✓ Árvíztűrő tükörfúrógép · „ő” \u2013 ő"),
    ],
)
def test_letter_that_the_encoding_lacks_is_shown_without_its_accent(
    screen: FakeScreen, encoding: str, shown: str, *, is_terminal: bool
) -> None:
    del screen
    stream = FakeScreen(encoding, is_terminal=is_terminal)
    people(stream).say("✓ Árvíztűrő tükörfúrógép\n· „ő” \u2013 o\u030b")
    assert stream.getvalue().replace("\n", " ").strip() == shown


def test_reader_that_left_is_borne(capfd: pytest.CaptureFixture[str]) -> None:
    screen = FakeScreen(is_terminal=False)
    people(screen).say("somebody hears it")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("is_terminal", [True, False])
def test_sentences_are_translated_on_the_way_out_with_what_stands_in_them(
    monkeypatch: pytest.MonkeyPatch, *, is_terminal: bool
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    words = {"Warning: {text}": "Vigyázat: {text}", "Seen {when}.": "Látva: {when}."}
    stream = FakeScreen(is_terminal=is_terminal)

    def in_hungarian(text: str) -> str:
        return translated(text, lambda one, _many, _count: words.get(one, one), lambda when: f"<{when:%H:%M}>")

    output = People(stream, stream, {}, DrawnScreen, in_hungarian)
    output.warn(lines(N_("Seen {when}.", when=datetime(2026, 11, 22, 12, 30, tzinfo=UTC)), "Seen {when}."))
    assert stream.getvalue() == "Vigyázat: Látva: <12:30>.\nSeen {when}.\n"


@pytest.mark.parametrize("kind", ["people", "scripts"])
def test_time_beside_the_answer_is_that_of_the_readers_clock(kind: str) -> None:
    stream = FakeScreen(is_terminal=False)
    output = people(stream) if kind == "people" else Scripts(stream, stream, {})
    when = datetime(2026, 11, 22, 12, 30, 59, tzinfo=UTC)
    output.say(N_("Connected since {since}.", since=when))
    output.warn(N_("Connected since {since}.", since=when))
    told = f"Connected since {when.astimezone():%Y-%m-%d %H:%M}."
    assert stream.getvalue() == f"{told}\nWarning: {told}\n"


def test_steps_are_for_people_and_told_in_the_answer_to_scripts() -> None:
    stream = FakeScreen(is_terminal=False)
    output = people(stream)
    output.step(SECONDS)
    output.step(StepResult("Draft", "failed", 1.0, "Billingo refused it."))
    output.step(StepResult("Clean up", "skipped"))
    Scripts(stream, stream, {}).step(SECONDS)
    assert stream.getvalue() == ("✓ Write access (0.2 s)\n✗ Draft: Billingo refused it. (1.0 s)\n· Clean up\n")


@pytest.mark.parametrize("kind", ["people", "scripts"])
def test_nine_retries_are_one_line_in_a_log(kind: str) -> None:
    stream = FakeScreen(is_terminal=False)
    output = people(stream) if kind == "people" else Scripts(stream, stream, {})
    with output.busy("Asking…") as tell:
        for attempt in range(9):
            tell(f"Billingo answered {(429, 503)[attempt % 2]}; trying again in {attempt / 7:.1f} s…")
        tell("Billingo broke off; trying again in 0.5 s…")
    assert stream.getvalue() == (
        "Billingo answered 429; trying again in 0.0 s…\nBilling broke off; trying again in 0.5 s…\n"
    ).replace("Billing broke", "Billingo broke")


def test_many_things_are_counted_in_one_line_on_a_terminal_and_not_at_all_in_a_log(screen: FakeScreen) -> None:
    log = FakeScreen(is_terminal=False)
    for stream in (screen, log):
        with people(stream).counted("Asking…", 3) as count:
            for _ in range(3):
                count()
    assert log.getvalue() == ""
    painted = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", screen.getvalue())
    assert "1/3" in painted or "3/3" in painted


def test_bar_stands_before_the_first_of_many_is_done(screen: FakeScreen) -> None:
    told: list[str] = []

    class Noting(DrawnScreen):
        def spinner(self, text: str) -> AbstractContextManager[Callable[[str], None]]:
            told.append(text)
            drawn.set()
            return super().spinner(text)

    drawn = threading.Event()
    output = People(screen, screen, {}, Noting, in_english)
    with output.counted("Asking…", 2):
        assert drawn.wait(10)
    assert told == ["╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ 0/2 Asking…"]


def test_nothing_moves_where_requests_are_logged(screen: FakeScreen) -> None:
    output = People(screen, screen, {}, DrawnScreen, in_english, is_logged=True)
    with output.busy("Asking…") as tell:
        tell("Busy; trying again…")
    assert screen.getvalue() == "Busy; trying again…\n"


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="a pseudo-terminal is POSIX only")
def test_word_said_while_a_spinner_turns_has_a_line_of_its_own(screen: FakeScreen) -> None:
    output = people(screen)
    with output.busy("Asking…") as change:
        change("Asking again…")
        while "Asking again…" not in screen.getvalue():
            pass
        output.say("Waiting for the keyring.")
    assert "\x1b[2KWaiting for the keyring.\n" in screen.getvalue()
