"""What is said on standard error: wrapped, harmless, and unable to fail."""

import io
import os
from collections.abc import Mapping, Sequence

import pytest

from bokko_cli.errors import BokkoError
from bokko_cli.model.values import Status
from bokko_cli.output.voice import StreamVoice


class _Screen(io.StringIO):
    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]  # read-only is enough here
        return self._encoding

    def isatty(self) -> bool:
        return True


def _voice(stream: io.StringIO | io.TextIOWrapper, *, has_color: bool = False) -> StreamVoice:
    def nothing(_: Status | Sequence[Status] | Sequence[Mapping[str, object]]) -> str:
        return ""

    return StreamVoice(stream, stream, has_color, nothing, nothing, nothing, None)


@pytest.fixture
def screen(monkeypatch: pytest.MonkeyPatch) -> _Screen:
    monkeypatch.setenv("COLUMNS", "30")
    return _Screen("utf-8")


def test_words_are_wrapped_where_the_terminal_would_cut_them(screen: _Screen) -> None:
    _voice(screen).say("One two three four five six seven.\n    an indented line that is long")
    assert screen.getvalue() == ("One two three four five six\nseven.\n    an indented line that is\n    long\n")


def test_command_in_a_fix_is_never_broken(screen: _Screen) -> None:
    _voice(screen).complain(BokkoError("It broke.", fix="https://app.billingo.hu/a-very-long-address/that-goes-on"))
    assert screen.getvalue().splitlines()[-1] == "https://app.billingo.hu/a-very-long-address/that-goes-on"


def test_error_and_warning_say_in_words_what_they_are(screen: _Screen) -> None:
    voice = _voice(screen)
    voice.warn("Careful.")
    voice.complain(BokkoError("It broke.", fix="Mend it."))
    assert screen.getvalue() == "Warning: Careful.\nError: It broke.\n→ Mend it.\n"


def test_colour_is_on_the_label_only(screen: _Screen) -> None:
    _voice(screen, has_color=True).warn("Careful.")
    assert screen.getvalue() == "\x1b[1;33mWarning:\x1b[0m Careful.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_whatever_is_said_moves_no_cursor(encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    screen = _Screen(encoding)
    voice = _voice(screen)
    for speak in (voice.say, voice.warn, lambda text: voice.complain(BokkoError(text, fix=text))):
        speak("a\x1b[2Jb\x9bc\u202ed\u200be\x07\r\n    f")
    assert {line.strip() for line in screen.getvalue().splitlines()} >= {"f"}
    assert "a [2Jb cde" in screen.getvalue()
    assert not set(screen.getvalue()) & set("\x1b\x9b\u202e\u200b\x07\r")


def test_signs_of_ours_are_spelled_out_where_the_encoding_lacks_them() -> None:
    screen = _Screen("ascii")
    _voice(screen).complain(BokkoError("A · B…", fix="Mend it."))
    assert screen.getvalue() == "Error: A - B...\n-> Mend it.\n"


def test_reader_that_left_is_borne() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as broken:
        _voice(broken).say("nobody hears it")
        _voice(broken).say("nor this")
