"""What each answer of Számlázz.hu means: every code in every channel, and everything that is no answer at all."""

import os
from collections.abc import Callable, Mapping
from unicodedata import normalize
from urllib.parse import quote_plus

import pytest

from bokko_cli.deadline import Deadline
from bokko_cli.errors import (
    BokkoError,
    ExitCode,
    KeyRejected,
    NoApiAccess,
    NoPermission,
    UnexpectedAnswer,
    Unreachable,
)
from bokko_cli.model.apikey import ApiKey
from bokko_cli.model.values import Organization
from bokko_cli.providers.szamlazz.provider import Calls, Szamlazz
from tests.servers import ScriptedAnswer, Server, Truncate, Verbatim, gzip_bomb, in_turn, raw_answer, redirect

KEY = ApiKey("k3y" * 14)
WORDS = "Árvíztűrő & tükör"
ESCAPED = "Árvíztűrő &amp; tükör"
NAMESPACE = ' xmlns="http://www.szamlazz.hu/xmlszamlavalasz"'
DOCUMENT = "<szamla><alap><szamlaszam>BK-2026-1</szamlaszam></alap></szamla>"
NOTHING: Mapping[str, str] = {}

MEANINGS = [
    ("3", KeyRejected, ExitCode.REFUSED),
    ("135", NoPermission, ExitCode.REFUSED),
    ("136", NoApiAccess, ExitCode.REFUSED),
    ("164", NoPermission, ExitCode.REFUSED),
    ("250", NoPermission, ExitCode.REFUSED),
    ("1", Unreachable, ExitCode.UNREACHABLE),
    ("53", UnexpectedAnswer, ExitCode.UNREACHABLE),
    ("57", UnexpectedAnswer, ExitCode.UNREACHABLE),
    ("9999", UnexpectedAnswer, ExitCode.UNREACHABLE),
    ("70", UnexpectedAnswer, ExitCode.UNREACHABLE),
    ("07", UnexpectedAnswer, ExitCode.UNREACHABLE),
]


def in_header(code: str) -> ScriptedAnswer:
    return raw_answer(200, b"", {"szlahu_error_code": code, "szlahu_error": quote_plus(WORDS)})


def in_body(code: str) -> ScriptedAnswer:
    return xml(response(f"<![CDATA[{code}]]>", f"<![CDATA[{WORDS}]]>", NAMESPACE))


def in_body_without_namespace(code: str) -> ScriptedAnswer:
    return xml(response(f"\n  {code}\n", ESCAPED))


def in_body_with_prefixes(code: str) -> ScriptedAnswer:
    tags = f"<v:hibakod>{code}</v:hibakod><v:hibauzenet><![CDATA[{WORDS}]]></v:hibauzenet>"
    return xml(f'<v:xmlszamlavalasz xmlns:v="urn:x">{tags}</v:xmlszamlavalasz>')


def in_plain_text(code: str) -> ScriptedAnswer:
    return raw_answer(200, f"[ERR]{code}: {WORDS}".encode(), {"Content-Type": "text/html"})


Channel = Callable[[str], ScriptedAnswer]
CHANNELS: list[Channel] = [in_header, in_body, in_body_without_namespace, in_body_with_prefixes, in_plain_text]


def response(code: str, words: str, attributes: str = "") -> str:
    return (
        f"<xmlszamlavalasz{attributes}><sikeres>false</sikeres><hibakod>{code}</hibakod>"
        f"<hibauzenet>{words}</hibauzenet></xmlszamlavalasz>"
    )


def xml(text: str, headers: Mapping[str, str] = NOTHING) -> ScriptedAnswer:
    return raw_answer(200, f'<?xml version="1.0" encoding="UTF-8"?>\n{text}'.encode(), headers)


def outcome(answer: ScriptedAnswer) -> Organization | BokkoError:
    """Return what a survey makes of an answer; each is asked for exactly once."""
    with Server(lambda _: answer) as server:
        provider = Szamlazz(f"{server.url}/szamla", KEY, Deadline(), lambda _: None, Calls())
        try:
            found = provider.survey().organization
        finally:
            provider.close()
        assert len(server.seen) == 1
        return found


def failure(answer: ScriptedAnswer) -> BokkoError:
    found = outcome(answer)
    assert isinstance(found, BokkoError), "the key was taken for good"
    return found


def assert_proves_nothing(answer: ScriptedAnswer) -> BokkoError:
    found = failure(answer)
    assert isinstance(found, Unreachable)
    assert found.exit_code is ExitCode.UNREACHABLE
    return found


@pytest.mark.parametrize("channel", CHANNELS)
def test_code_7_proves_the_key(channel: Channel) -> None:
    assert outcome(channel("7")) == Organization()


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("code", "kind", "exit_code"), MEANINGS)
def test_each_code_means_the_same_in_every_channel(
    channel: Channel, code: str, kind: type[BokkoError], exit_code: ExitCode
) -> None:
    error = failure(channel(code))
    assert type(error) is kind
    assert error.exit_code is exit_code
    assert f"{WORDS} (code {code})" in error.message


@pytest.mark.parametrize("attributes", ["", ' xmlns="http://www.szamlazz.hu/szamla"'])
def test_document_proves_the_key(attributes: str) -> None:
    assert outcome(xml(DOCUMENT.replace("<szamla>", f"<szamla{attributes}>"))) == Organization()


def test_code_0_in_the_header_is_none() -> None:
    none = {"szlahu_error_code": "0", "szlahu_error": ""}
    assert outcome(xml(DOCUMENT, none)) == Organization()
    assert outcome(xml(response("7", ESCAPED), none)) == Organization()
    assert type(failure(xml(response("3", ESCAPED), none))) is KeyRejected
    assert_proves_nothing(raw_answer(200, b"", none))


def test_code_0_in_the_body_proves_nothing() -> None:
    assert_proves_nothing(xml(response("0", "")))


def test_success_without_a_document_proves_nothing() -> None:
    assert_proves_nothing(xml("<xmlszamlavalasz><sikeres>true</sikeres></xmlszamlavalasz>"))


@pytest.mark.parametrize(
    "answer",
    [
        xml(response("3", ESCAPED), {"szlahu_error_code": "7"}),
        xml(response("7", ESCAPED), {"szlahu_error_code": "3"}),
        xml(DOCUMENT, {"szlahu_error_code": "3"}),
        xml("<xmlszamlavalasz><hibakod>3</hibakod><hibakod>7</hibakod></xmlszamlavalasz>"),
        xml("<xmlszamlavalasz><hibakod>7</hibakod><hibakod>3</hibakod></xmlszamlavalasz>"),
    ],
)
def test_where_channels_differ_the_refusal_counts(answer: ScriptedAnswer) -> None:
    assert type(failure(answer)) is KeyRejected


def test_words_of_an_error_outweigh_a_header_that_says_accepted() -> None:
    assert_proves_nothing(raw_answer(200, b"[ERR] Sikertelen", {"szlahu_error_code": "7"}))


@pytest.mark.parametrize(
    "text",
    [
        "[ERR]3", "[ERR] 3", "[ERR]3;Hiba", "[ERR] (3) Hiba", "[ERR] Hibakód: 3, hiba", "[ERR];3;Hiba", "[err] kod=3",
        "\ufeff[ERR] 3: Hiba", "\r\n [ERR]\r\n3\r\nHiba", "[ERR] error code: 3.", "[ERR]: 3 - Hiba 7",
    ],
)  # fmt: skip
def test_plain_text_is_read_however_it_is_spelt(text: str) -> None:
    assert type(failure(raw_answer(200, text.encode()))) is KeyRejected


@pytest.mark.parametrize(
    "text",
    [
        "[ERR] a próbaidő 7 napos", "[ERR] hiba történt, 7", "[ERR]", "[ERR] 7.5 verzió", "[ERR] 7-2026",
        "[ERR] 2026-7", "[ERR] \u0667", "OK", "7", "hibakod 7", "[OK] 7", "DONE;7",
    ],
)  # fmt: skip
def test_a_7_that_is_no_code_proves_nothing(text: str) -> None:
    assert_proves_nothing(raw_answer(200, text.encode()))


def test_words_without_a_code_are_shown() -> None:
    error = assert_proves_nothing(raw_answer(200, "[ERR] Sikertelen keresés, próbálja újra".encode()))
    assert "Sikertelen keresés, próbálja újra" in error.message


REFUSED_LOGIN = "Sikertelen bejelentkezés, próbálja újra!"


@pytest.mark.parametrize(
    "answer",
    [
        raw_answer(200, REFUSED_LOGIN.encode()),
        raw_answer(200, REFUSED_LOGIN.encode(), {"Content-Type": "text/html"}),
        raw_answer(200, b"\xef\xbb\xbf\r\n " + REFUSED_LOGIN.encode()),
        raw_answer(200, REFUSED_LOGIN.encode("iso-8859-2")),
        raw_answer(200, normalize("NFD", REFUSED_LOGIN).encode()),
        raw_answer(200, REFUSED_LOGIN.upper().encode()),
        raw_answer(200, "Sikertelen \r\n bejelentkezés".encode()),
        raw_answer(200, f"[ERR] {REFUSED_LOGIN}".encode()),
        raw_answer(200, f"[ERR];{REFUSED_LOGIN}".encode("iso-8859-2")),
        raw_answer(200, b"", {"szlahu_error": quote_plus(REFUSED_LOGIN)}),
        raw_answer(200, b"", {"szlahu_error": quote_plus(REFUSED_LOGIN), "szlahu_error_code": "0"}),
        xml(f"<xmlszamlavalasz><sikeres>false</sikeres><hibauzenet>{REFUSED_LOGIN}</hibauzenet></xmlszamlavalasz>"),
        xml(response("", REFUSED_LOGIN)),
        xml(response("0", REFUSED_LOGIN)),
    ],
)
def test_words_of_a_refused_login_need_no_code(answer: ScriptedAnswer) -> None:
    error = failure(answer)
    assert (type(error), error.exit_code) == (KeyRejected, ExitCode.REFUSED)
    assert error.message.startswith("Számlázz.hu refused this key. Számlázz.hu says: ")


@pytest.mark.parametrize(
    "answer",
    [
        raw_answer(200, f"<html><p>{REFUSED_LOGIN}</p></html>".encode()),
        raw_answer(200, f"Az oldal: {REFUSED_LOGIN}".encode()),
        raw_answer(200, f"[ERR] 53: {REFUSED_LOGIN}".encode()),
        raw_answer(503, REFUSED_LOGIN.encode()),
        raw_answer(200, b"", {"szlahu_error_code": "53", "szlahu_error": quote_plus(REFUSED_LOGIN)}),
    ],
)
def test_words_of_a_refused_login_elsewhere_prove_nothing(answer: ScriptedAnswer) -> None:
    assert_proves_nothing(answer)


@pytest.mark.parametrize("front", ["\ufeff", "\r\n\r\n", " \t\n", "\n\ufeff\n"])
@pytest.mark.parametrize("declared", [True, False])
def test_blank_lines_and_byte_order_marks_may_stand_before_xml(front: str, declared: bool) -> None:
    declaration = '<?xml version="1.0" encoding="UTF-8"?>' if declared else ""
    assert outcome(raw_answer(200, f"{front}{declaration}{response('7', ESCAPED)}".encode())) == Organization()
    assert outcome(raw_answer(200, f"{front}{declaration}{DOCUMENT}".encode())) == Organization()
    assert type(failure(raw_answer(200, f"{front}{declaration}{response('3', ESCAPED)}".encode()))) is KeyRejected


UNREADABLE = [
    (b"no gzip", {"Content-Encoding": "gzip"}),
    (b"", {"Content-Encoding": "gzip"}),
    (b"x", {"Content-Encoding": "br"}),
    (b"<xml", {"Content-Length": "100", "Connection": "close"}),
]


@pytest.mark.parametrize(("body", "headers"), UNREADABLE[:3])
def test_code_in_the_head_counts_when_the_body_cannot_be_read(body: bytes, headers: dict[str, str]) -> None:
    for code, kind, _ in MEANINGS:
        assert type(failure(raw_answer(200, body, {**headers, "szlahu_error_code": code}))) is kind
    error = assert_proves_nothing(raw_answer(200, body, {**headers, "szlahu_down": "true"}))
    assert "is not available" in error.message
    assert "busy" in assert_proves_nothing(raw_answer(429, body, headers)).message


def test_code_in_the_head_of_an_answer_that_breaks_off_is_its_verdict() -> None:
    error = failure(Verbatim(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\nszlahu_error_code: 3\r\n\r\n<xml"))
    assert type(error) is KeyRejected


def test_answer_that_cannot_be_unpacked_proves_nothing() -> None:
    error = assert_proves_nothing(raw_answer(200, b"no gzip", {"Content-Encoding": "gzip"}))
    assert error.message == "Számlázz.hu's answer could not be decompressed."


@pytest.mark.parametrize(
    ("code", "message", "fix"),
    [
        ("136", "plan has expired, or an invoice is unpaid or was paid late", "Pay or renew under Díjcsomagom"),
        ("164", "several accounts", "a user who belongs to this account alone"),
        ("250", "has not yet accepted the delegation", "accept the delegation"),
    ],
)
def test_what_to_do_about_a_blocked_account_is_said_in_its_own_words(code: str, message: str, fix: str) -> None:
    error = failure(in_header(code))
    assert message in error.message
    assert fix in error.fix


def test_words_are_shown_harmlessly_and_shortened() -> None:
    words = "\x1b]0;t\x07 \u202e rossz " + "x" * 900
    error = failure(raw_answer(200, b"", {"szlahu_error_code": "3", "szlahu_error": quote_plus(words)}))
    assert "\x1b" not in error.message
    assert "\u202e" not in error.message
    assert len(error.message) < 500


@pytest.mark.parametrize("code", ["3", "53", KEY.reveal()])
@pytest.mark.parametrize("between", ["", "\u200b", "\u202e", "\xad"])
@pytest.mark.parametrize("letters", [str, str.upper])
def test_a_key_that_the_answer_repeats_is_not_shown(code: str, between: str, letters: Callable[[str], str]) -> None:
    error = failure(xml(response(code, f"Ismeretlen kulcs: {letters(between.join(KEY.reveal()))}!")))
    assert KEY.reveal() not in error.message.lower()
    assert "Ismeretlen kulcs: …!" in error.message


@pytest.mark.parametrize("value", ["true", "1"])
def test_header_down_outweighs_everything(value: str) -> None:
    error = assert_proves_nothing(xml(response("7", ESCAPED), {"szlahu_down": value}))
    assert "is not available" in error.message


@pytest.mark.parametrize("status", [500, 502, 503, 504, 429, 403, 404])
def test_status_of_an_error_says_nothing_about_the_key(status: int) -> None:
    error = assert_proves_nothing(raw_answer(status, b"<html>busy</html>", {"Content-Type": "text/html"}))
    assert f"HTTP {status}" in error.message
    assert ("busy" in error.message) is (status == 429)


def test_server_error_is_not_outweighed_by_its_body() -> None:
    assert_proves_nothing(raw_answer(500, response("7", ESCAPED).encode()))


@pytest.mark.parametrize("body", [b"<html><body>Log in</body></html>", b"\n<!DOCTYPE html><p>7", b"\xef\xbb\xbf<HTML>"])
def test_web_page_is_no_answer(body: bytes) -> None:
    assert "web page" in assert_proves_nothing(raw_answer(200, body)).message


NEITHER = "Unexpected answer from Számlázz.hu: neither a code nor a document"


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (raw_answer(200, b"OK"), f"{NEITHER}."),
        (raw_answer(404, b""), f"{NEITHER} (HTTP 404)."),
        (xml("<xmlszamlavalasz/>"), f"{NEITHER}."),
        (xml("<xmlszamlavalasz><hibakod/></xmlszamlavalasz>"), f"{NEITHER}."),
        (
            raw_answer(200, b"Log in", {"Content-Type": "Text/HTML"}),
            "A web page came back instead of Számlázz.hu's answer (HTTP 200).",
        ),
        (
            raw_answer(200, b"[ERR] Hm"),
            "Számlázz.hu's answer does not say whether the key is good. Számlázz.hu says: Hm",
        ),
        (
            raw_answer(200, b"", {"szlahu_error_code": "53"}),
            "Számlázz.hu's answer does not say whether the key is good. Számlázz.hu gives no reason (code 53)",
        ),
    ],
)
def test_what_proves_nothing_is_told_as_what_it_is(answer: ScriptedAnswer, message: str) -> None:
    assert assert_proves_nothing(answer).message == message


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "7777777777">'
    + "".join(f'<!ENTITY {"ab"[i % 2]}{i} "{"&a;" * 10}">' for i in range(9))
    + "]>"
)


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "\ufeff",
        "\0",
        "{}",
        "<",
        "<xmlszamlavalasz/>",
        "<xmlszamlavalasz><hibakod>7",
        "<xmlszamlavalasz><hibakod/></xmlszamlavalasz>",
        "<xmlszamlavalasz><valami><hibakod>7</hibakod></valami></xmlszamlavalasz>",
        "<valami><hibakod>7</hibakod></valami>",
        "<valami><szamla/></valami>",
        "<xmlszamla/>",
        "<!DOCTYPE x><xmlszamlavalasz><hibakod>7</hibakod></xmlszamlavalasz>",
        "<!DOCTYPE szamla><szamla/>",
        '<!DOCTYPE x [<!ENTITY k "7">]><xmlszamlavalasz><hibakod>&k;</hibakod></xmlszamlavalasz>',
        f"{BOMB}<xmlszamlavalasz><hibakod>&a8;</hibakod></xmlszamlavalasz>",
        '<!DOCTYPE x SYSTEM "http://example.invalid/x.dtd"><xmlszamlavalasz><hibakod>7</hibakod></xmlszamlavalasz>',
        '<?xml version="1.0" encoding="no-such"?><xmlszamlavalasz><hibakod>7</hibakod></xmlszamlavalasz>',
        '<?xml version="1.0" encoding="utf-16"?><xmlszamlavalasz><hibakod>7</hibakod></xmlszamlavalasz>',
        '<?xml version="1.0" encoding="shift_jis"?><xmlszamlavalasz><hibakod>7</hibakod></xmlszamlavalasz>',
        "<a>" * 140_000 + "</a>" * 140_000,
        "<xmlszamlavalasz><hibakod>7</hibakod></xmlszamlavalasz>" + " " * 1024 * 1024,
    ],
)
def test_what_cannot_be_understood_proves_nothing(body: str) -> None:
    assert type(assert_proves_nothing(raw_answer(200, body.encode()))) is UnexpectedAnswer


def test_invalid_utf_8_proves_nothing() -> None:
    assert_proves_nothing(raw_answer(200, response("7", "hib\xe1s").encode("latin-1")))


def test_file_of_this_machine_is_not_read() -> None:
    document = f'<!DOCTYPE x [<!ENTITY f SYSTEM "file://{os.path.realpath(__file__)}">]>'
    error = assert_proves_nothing(xml(f"{document}{response('3', '&f;')}"))
    assert "test_file_of" not in error.message


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirect_is_not_followed(status: int) -> None:
    with Server(lambda _: in_body("7")) as elsewhere:
        assert "redirect" in assert_proves_nothing(redirect(f"{elsewhere.url}/szamla/", status)).message
        assert elsewhere.seen == []


def test_bomb_of_compressed_blanks_proves_nothing() -> None:
    assert_proves_nothing(gzip_bomb(64 * 1024 * 1024))


def test_answers_that_break_off_prove_nothing() -> None:
    whole = response("7", ESCAPED).encode()
    for answer in (Truncate(whole, len(whole) - 5), Verbatim(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[ERR]")):
        with Server(in_turn(answer)) as server:
            provider = Szamlazz(f"{server.url}/szamla", KEY, Deadline(), lambda _: None, Calls())
            assert isinstance(provider.survey().organization, Unreachable)
            provider.close()
            assert len(server.seen) == 2


@pytest.mark.parametrize("status", [401, 402, 403, 404])
@pytest.mark.parametrize(
    ("body", "encoding"), [(b"x", "br"), (b"no gzip", "gzip"), (b"x", "gzip, br"), (b"", "gzip"), (b"", "br")]
)
def test_status_of_a_refusal_without_a_code_is_told_whatever_its_body_is_packed_in(
    status: int, body: bytes, encoding: str
) -> None:
    error = assert_proves_nothing(raw_answer(status, body, {"Content-Encoding": encoding}))
    assert f"neither a code nor a document (HTTP {status})" in error.message
