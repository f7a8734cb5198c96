"""The readiness panel and the lists, whole, as streams of several widths and encodings get them."""

import json
import re
from pathlib import Path

import pytest

from tests.fake_billingo import FakeBillingo, block, error_answer
from tests.servers import Server, raw_answer
from tests.unit.conftest import CommandLine, apply_zone, without_path

SETTINGS = """
schema = 1
active_provider = "billingo"

[billingo]
connected_at = 2026-11-22T21:57:40Z
verified_at = 2026-11-22T22:57:40Z
endpoint = "https://api.billingo.hu/v3"
account_tax_code = "13421739-2-41"
invoice_mode = "draft_review"
default_vat_rate = "27%"
default_payment_method = "bank_transfer"
invoice_capable = true
accepts_business_clients = false
document_block = {id = 40101, name = "Webshop", prefix = "WEB"}
bank_account = {id = 7001, name = "OTP HUF", number = "11773016-11111018-00000000", currency = "HUF"}
api_key = {storage = "file", slot = "a", hint = "0005"}
"""
KEY = "63faa428-9044-11ea-8ed0-0242ac120005"

AT_80 = """\
╭─ Billingo ───────────────────────────────────────────────────────────────────╮
│ Connection status         ✓ Ready, last verified 2026-11-22 22:57            │
│ Document block            Webshop · WEB · id 40101                           │
│ Bank account              OTP HUF · 11773016-11111018-00000000 · HUF ·       │
│                           id 7001                                            │
│ Invoice mode              draft review                                       │
│ Default VAT rate          27%                                                │
│ Default payment method    bank transfer                                      │
│ Connected on              2026-11-22 21:57                                   │
│                                                                              │
│ Tax number                none                                               │
│ Invoice capable           yes                                                │
│ Accepts business clients  no                                                 │
│ Account's tax number      13421739-2-41                                      │
│ API key                   ends in 0005, kept in: file                        │
│ Profile                   default                                            │
╰──────────────────────────────────────────────────────────────────────────────╯
"""
ROWS = (
    "Connection status", "Document block", "Bank account", "Invoice mode", "Default VAT rate",
    "Default payment method", "Connected on",
)  # fmt: skip
HOSTILE = "\x1b[31mred\x1b]8;;http://evil\x07link\x1b]52;c;eA==\x07\x9b2J\u202egnal\u200bx\u2028y\r\n [/x][b] :heart:"


def write(bokko: CommandLine, text: str = SETTINGS) -> None:
    bokko.folder.mkdir(exist_ok=True)
    bokko.settings.write_text(text, "utf-8")
    secrets = bokko.folder / "default.secrets.toml"
    secrets.write_text(f'[billingo]\na = "{KEY}"\n', "utf-8")
    secrets.chmod(0o600)


def said(panel: str) -> str:
    """Return the panel's words, its frame and its breaks taken out."""
    return re.sub(r"\s+", " ", re.sub(r"[│╭╮╰╯─|+]", " ", panel))


def quoted(text: str) -> str:
    """Return a TOML string."""
    return '"' + "".join(f"\\U{ord(character):08x}" for character in text) + '"'


def is_harmless(text: str) -> bool:
    """Whether nothing in a text moves a cursor, hides, reverses or breaks a line but its own ends."""
    return not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]", text)


def test_panel_at_80_columns(bokko: CommandLine) -> None:
    write(bokko)
    ran = bokko("billingo", "status", COLUMNS="80")
    assert (ran.code, without_path(ran.out), ran.err) == (0, AT_80, "")


@pytest.mark.parametrize("columns", [20, 21, 30, 40, 43, 44, 60, 80, 99, 100, 101, 120, 200])
def test_nothing_is_cut_and_nothing_is_too_wide_at_any_width(bokko: CommandLine, columns: int) -> None:
    write(bokko)
    lines = bokko("billingo", "status", COLUMNS=str(columns)).out.splitlines()
    assert {len(line) for line in lines} == {min(columns, 100)}
    whole = "".join(re.sub(r"[│╭╮╰╯─\s]", "", line) for line in lines)
    for value in ("Billingo", "22:57", "Webshop·WEB·id40101", "banktransfer", "Acceptsbusinessclients"):
        assert value in whole or columns >= 44
    assert "OTPHUF·11773016-11111018-00000000·HUF·id7001" in whole
    start = next(line.index("27%") for line in lines if "27%" in line)
    values = "".join("".join(line[start:-1].split()) for line in lines[1:-1])
    for value in ("22:57", "Webshop·WEB·id40101", "banktransfer"):
        assert value in values


@pytest.mark.parametrize("columns", range(20, 101, 3))
def test_what_belongs_together_stays_in_one_line(bokko: CommandLine, columns: int) -> None:
    write(bokko)
    text = bokko("billingo", "status", COLUMNS=str(columns)).out
    for whole in ("id 7001", "id 40101", *(["2026-11-22 21:57", "2026-11-22 22:57"] if columns > 21 else [])):
        assert whole in text


@pytest.mark.parametrize("told", ["", "0", "x", "²", "-5", "1", "9" * 5000])
@pytest.mark.parametrize("command", [("billingo", "status"), ("integrations",), ("--help",)])
def test_size_that_is_none_stops_nothing(
    bokko: CommandLine, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], told: str
) -> None:
    write(bokko)
    monkeypatch.delenv("LINES", raising=False)
    assert bokko(*command, COLUMNS=told).code == 0
    assert bokko(*command, COLUMNS=told, LINES=told).code == 0


@pytest.mark.parametrize("zone", ["Etc/GMT-14", "Etc/GMT+12", "UTC"])
@pytest.mark.parametrize("when", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0999-06-01T12:00:00Z"])
@pytest.mark.parametrize("command", [("billingo", "status"), ("integrations",)])
def test_time_at_the_edge_of_the_calendar_is_shown(
    bokko: CommandLine, command: tuple[str, ...], when: str, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    apply_zone()
    write(bokko, SETTINGS.replace("2026-11-22T21:57:40Z", when).replace("2026-11-22T22:57:40Z", when))
    assert when[:2] in bokko(*command).out
    found = json.loads(bokko(*command, "--json").out)
    assert (found[0] if isinstance(found, list) else found)["connected_at"] == when


def test_rows_stand_in_the_order_of_the_contract(bokko: CommandLine) -> None:
    write(bokko)
    text = bokko("billingo", "status").out
    assert sorted(ROWS, key=text.index) == list(ROWS)
    assert all(text.index(row) < text.index("Tax number") for row in ROWS)


def test_problem_says_in_words_what_is_wrong_and_what_to_do(bokko: CommandLine) -> None:
    write(bokko, SETTINGS.replace("invoice_capable = true", "invoice_capable = false"))
    (bokko.folder / "default.secrets.toml").unlink()
    ran = bokko("billingo", "status")
    assert ran.code == 5
    assert "✗ Needs attention, 2 problems, the worst: the key is missing Document block" in said(ran.out)
    assert "✗ Error: The stored API key is gone from the file. → bokko billingo connect" in said(ran.out)
    assert "→ bokko billingo configure --invoice-capable" in said(ran.out)


def test_first_row_of_one_problem_names_it_in_short_and_its_message_stands_there_once(bokko: CommandLine) -> None:
    write(bokko, SETTINGS.replace("invoice_capable = true", "invoice_capable = false"))
    shown = said(bokko("billingo", "status").out)
    assert "✗ Needs attention: not invoice capable Document block" in shown
    assert shown.count("Invoice capable is set to no for this connection.") == 1


def test_first_row_of_what_is_ready_names_the_first_warning(bokko: CommandLine) -> None:
    write(bokko, SETTINGS.replace('currency = "HUF"', 'currency = "EUR"'))
    ran = bokko("billingo", "status")
    assert ran.code == 0
    assert re.search(
        r"✓ Ready, last verified [-0-9]+ [0-9:]+; 1 warning: the bank account is not in forints", said(ran.out)
    )
    assert said(ran.out).count("Bank account OTP HUF is in EUR") == 1


def test_page_of_all_providers_names_each_problem_in_a_line(bokko: CommandLine) -> None:
    write(bokko, SETTINGS.replace("invoice_capable = true", "invoice_capable = false").replace('HUF"}', 'EUR"}'))
    shown = said(bokko("integrations", COLUMNS="100").out)
    assert "✗ Error: Invoice capable is set to no for this connection." in shown
    assert "! Warning: Bank account OTP HUF is in EUR" in shown


def test_page_of_all_does_not_recommend_to_activate_what_cannot_invoice(bokko: CommandLine) -> None:
    inactive = SETTINGS.replace('active_provider = "billingo"', "")
    write(bokko, inactive)
    assert "bokko billingo activate" in said(bokko("integrations").out)
    write(bokko, inactive.replace("invoice_capable = true", "invoice_capable = false"))
    page = said(bokko("integrations").out)
    assert "activate" not in page
    assert "bokko billingo configure --invoice-capable" in page


def test_not_connected_is_one_row(bokko: CommandLine) -> None:
    ran = bokko("billingo", "status")
    assert ran.code == 3
    assert "● Not connected" in ran.out
    assert "Document block" not in ran.out


@pytest.mark.parametrize("active", ["szamlazz", "", HOSTILE])
def test_inactive_names_the_active_provider(bokko: CommandLine, active: str) -> None:
    write(bokko, SETTINGS.replace('"billingo"', quoted(active)))
    ran = bokko("billingo", "status")
    assert ran.code == 5
    assert "● Inactive: " in ran.out
    assert is_harmless(ran.out)


@pytest.mark.parametrize("encoding", ["ascii", "cp1250", "latin-1"])
def test_other_encodings_get_signs_that_they_have(bokko: CommandLine, encoding: str) -> None:
    write(bokko)
    bokko.encoding = encoding
    text = bokko("billingo", "status", COLUMNS="60").out
    assert "+ Ready, last verified" in text
    assert "?" not in text
    assert {len(line) for line in text.splitlines()} == {60}


def test_letters_that_an_encoding_lacks_cannot_stop_the_panel(bokko: CommandLine) -> None:
    write(bokko, SETTINGS.replace('"Webshop"', '"Árvíztűrő ш"'))
    bokko.encoding = "ascii"
    ran = bokko("billingo", "status")
    assert ran.code == 0
    assert "Arvizturo ? - WEB - id 40101" in ran.out


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1250"])
@pytest.mark.parametrize("color", [{"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}, {}])
@pytest.mark.parametrize("columns", ["40", "80"])
def test_hostile_names_are_shown_harmlessly(
    bokko: CommandLine, encoding: str, color: dict[str, str], columns: str
) -> None:
    text = SETTINGS.replace('"Webshop"', quoted(HOSTILE)).replace('"OTP HUF"', quoted(HOSTILE))
    text = text.replace('"WEB"', quoted(HOSTILE))
    write(bokko, text.replace('"13421739-2-41"', quoted(HOSTILE)).replace('"0005"', quoted(HOSTILE)))
    bokko.encoding = encoding
    ran = bokko("billingo", "status", COLUMNS=columns, **color)
    ours = re.sub(r"\x1b\[[0-9;]*m", "", ran.out)
    assert ran.code == 0
    assert is_harmless(ours)
    letters = re.sub(r"\s", "", said(ours))
    assert ":heart:" in letters
    assert "[/x][b]" in letters
    if not color.get("FORCE_COLOR"):
        assert ours == ran.out


@pytest.mark.parametrize("name", ["", "\u200b", " \n ", "\x07"])
def test_name_without_a_letter_is_called_so(bokko: CommandLine, name: str) -> None:
    write(bokko, SETTINGS.replace('"Webshop"', quoted(name)))
    assert "(no name) · WEB · id 40101" in bokko("billingo", "status").out


def test_name_of_500_letters_is_wrapped_and_whole(bokko: CommandLine) -> None:
    write(bokko, SETTINGS.replace('"Webshop"', '"' + "ű" * 500 + '"'))
    text = bokko("billingo", "status", COLUMNS="60").out
    assert text.count("ű") == 500
    assert {len(line) for line in text.splitlines()} == {60}


def test_wide_letters_keep_the_frame_straight(bokko: CommandLine) -> None:
    write(bokko, SETTINGS.replace('"Webshop"', '"株式会社"'))
    lines = bokko("billingo", "status", COLUMNS="60").out.splitlines()
    assert {len(line) + sum(character in "株式会社" for character in line) for line in lines} == {60}


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1250"])
def test_lists_and_live_problems_show_hostile_names_harmlessly(bokko: CommandLine, encoding: str) -> None:
    fake = FakeBillingo()
    write(bokko)
    bokko.encoding = encoding
    with Server(fake.answer) as server:
        bokko.settings.write_text(SETTINGS.replace("https://api.billingo.hu", server.url), "utf-8")
        fake.blocks[0]["name"] = fake.accounts[0]["name"] = HOSTILE + "x" * 500
        fake.blocks[1]["name"] = ""
        for arguments, code in (("blocks",), 0), (("accounts",), 0), (("status", "--check"), 0):
            ran = bokko("billingo", *arguments)
            assert ran.code == code
            assert is_harmless(ran.out.replace("\t", " ") + ran.err)
            assert ran.out.count("x") >= 500
            assert ":heart:" in re.sub(r"\s", "", said(ran.out))
        fake.organization["tax_code"] = HOSTILE
        ran = bokko("billingo", "status", "--check")
        assert ran.code == 5
        assert is_harmless(ran.out + ran.err)


def test_half_a_character_in_a_name_becomes_the_replacement_character(bokko: CommandLine) -> None:
    listing = {"data": [block(1, "a\ud800b", "W")], "total": 1, "current_page": 1, "last_page": 1}
    fake = FakeBillingo(override={"/document-blocks": raw_answer(200, json.dumps(listing).encode())})
    write(bokko)
    with Server(fake.answer) as server:
        bokko.settings.write_text(SETTINGS.replace("https://api.billingo.hu", server.url), "utf-8")
        assert "a\ufffdb" in bokko("billingo", "blocks").out
        assert json.loads(bokko("billingo", "blocks", "--json").out) == [{"id": 1, "name": "a\ufffdb", "prefix": "W"}]


def test_names_in_json_are_harmless_but_exact(bokko: CommandLine) -> None:
    write(bokko, SETTINGS.replace('"Webshop"', quoted(HOSTILE)))
    fake = FakeBillingo(blocks=[block(1, HOSTILE, "")])
    with Server(fake.answer) as server:
        text = bokko.settings.read_text("utf-8").replace("https://api.billingo.hu", server.url)
        bokko.settings.write_text(text, "utf-8")
        for arguments in (("status",), ("blocks",)):
            ran = bokko("billingo", *arguments, "--json")
            assert is_harmless(ran.out)
            assert HOSTILE in _every_text(json.loads(ran.out))


def _every_text(value: object) -> list[object]:
    if isinstance(value, dict):
        return [text for part in value.values() for text in _every_text(part)]
    return [text for part in value for text in _every_text(part)] if isinstance(value, list) else [value]


def test_message_of_the_provider_is_shown_harmlessly(bokko: CommandLine, tmp_path: Path) -> None:
    fake = FakeBillingo()
    key = tmp_path / "key"
    key.write_text(KEY)
    fake.override = dict.fromkeys(("/organization", "/document-blocks", "/bank-accounts"), error_answer(402, HOSTILE))
    with Server(fake.answer) as server:
        ran = bokko("billingo", "connect", "--api-key-file", str(key), "--key-storage", "file",
                    BOKKO_BILLINGO_URL=f"{server.url}/v3")  # fmt: skip
    assert ran.code == 4
    assert "[/x][b] :heart:" in ran.err
    assert is_harmless(ran.err)
