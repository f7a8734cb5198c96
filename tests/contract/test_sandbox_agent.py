"""The Számla Agent of the sandbox, against what is known of the real one."""

import http.client
from urllib.parse import unquote_plus
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bokko_cli.sandbox.server import Sandbox

QUERY = "action-szamla_agent_xml"
TAXPAYER = "action-szamla_agent_taxpayer"
PROBE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<xmlszamlaxml xmlns="http://www.szamlazz.hu/xmlszamlaxml">'
    "<szamlaagentkulcs>{}</szamlaagentkulcs><pdf>false</pdf><szamlaKulsoAzon>bokko:probe</szamlaKulsoAzon></xmlszamlaxml>"
)
COMPANY = (
    '<xmltaxpayer xmlns="http://www.szamlazz.hu/xmltaxpayer"><beallitasok><szamlaagentkulcs>{}</szamlaagentkulcs>'
    "</beallitasok><torzsszam>{}</torzsszam></xmltaxpayer>"
)
NAV = "{http://schemas.nav.gov.hu/OSA/3.0/api}"


def form(field: str, xml: str | bytes, head: str = '; filename="request.xml"', boundary: str = "limit") -> bytes:
    content = xml.encode() if isinstance(xml, str) else xml
    top = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"{head}\r\nContent-Type: text/xml\r\n\r\n'
    return top.encode() + content + f"\r\n--{boundary}--\r\n".encode()


def post(
    sandbox: Sandbox, body: bytes, content_type: str = "multipart/form-data; boundary=limit", method: str = "POST"
) -> tuple[http.client.HTTPMessage, ET.Element]:
    """Headers and root of an answer, whose status is 200 whatever it says."""
    connection = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=10)
    try:
        connection.request(method, "/szamla/", body, {"Content-Type": content_type})
        answer = connection.getresponse()
        assert answer.status == 200
        assert answer.headers["Content-Type"] == "application/xml;charset=UTF-8"
        return answer.headers, ET.fromstring(answer.read())  # noqa: S314  # our own sandbox wrote it
    finally:
        connection.close()


def code_of(sandbox: Sandbox, body: bytes, content_type: str = "multipart/form-data; boundary=limit") -> str | None:
    return post(sandbox, body, content_type)[1].findtext("{*}hibakod")


def test_a_good_key_finds_no_document_and_says_so_in_the_body_alone(sandbox: Sandbox) -> None:
    headers, root = post(sandbox, form(QUERY, PROBE.format("sandbox-ready")))
    assert root.tag.endswith("}xmlszamlavalasz")
    assert [child.tag.rpartition("}")[2] for child in root] == ["sikeres", "hibakod", "hibauzenet"]
    assert root.findtext("{*}sikeres") == "false"
    assert root.findtext("{*}hibakod") == "7"
    assert root.findtext("{*}hibauzenet")
    assert not [name for name in headers if name.lower().startswith("szlahu")]


@pytest.mark.parametrize(
    ("key", "code"),
    [
        ("sandbox-invalid", "3"),
        ("sandbox-large", "3"),
        ("an unknown one", "3"),
        ("", "3"),
        ("sandbox-unpaid", "136"),
        ("sandbox-down", "1"),
    ],
)
@pytest.mark.parametrize("field", [QUERY, TAXPAYER])
def test_a_bad_key_says_so_in_headers_and_body(sandbox: Sandbox, key: str, code: str, field: str) -> None:
    xml = PROBE.format(key) if field == QUERY else COMPANY.format(key, "13421739")
    headers, root = post(sandbox, form(field, xml))
    assert root.findtext("{*}hibakod") == code
    assert headers["szlahu_error_code"] == code
    assert unquote_plus(headers["szlahu_error"]) == root.findtext("{*}hibauzenet")


@pytest.mark.parametrize("code", [1, 3, 53, 57, 135, 136, 164, 250])
def test_the_answer_follows_the_account_behind_the_key(sandbox: Sandbox, code: int) -> None:
    sandbox.account("sandbox-ready").agent_code = code
    headers, root = post(sandbox, form(QUERY, PROBE.format("sandbox-ready")))
    assert root.findtext("{*}hibakod") == headers["szlahu_error_code"] == str(code)
    assert root.findtext("{*}hibauzenet") not in {None, "", "Ismeretlen hiba."}


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (form(QUERY, PROBE.format("sandbox-ready"), head=""), "multipart/form-data; boundary=limit"),
        (form(QUERY, PROBE.format("sandbox-ready"), head='; filename=""'), "multipart/form-data; boundary=limit"),
        (form("action-xmlagentxmlfile", "<xmlszamla/>"), "multipart/form-data; boundary=limit"),
        (form(QUERY, PROBE.format("sandbox-ready")), "multipart/form-data; boundary=other"),
        (form(QUERY, PROBE.format("sandbox-ready")), "multipart/form-data"),
        (PROBE.format("sandbox-ready").encode(), "text/xml"),
        (b"", "multipart/form-data; boundary=limit"),
    ],
)
def test_without_a_file_of_a_known_field_it_is_53(sandbox: Sandbox, body: bytes, content_type: str) -> None:
    assert code_of(sandbox, body, content_type) == "53"


def test_anything_but_post_is_53(sandbox: Sandbox) -> None:
    for method in ("GET", "PUT", "DELETE"):
        _, root = post(sandbox, form(QUERY, PROBE.format("sandbox-ready")), method=method)
        assert root.findtext("{*}hibakod") == "53"


ENTITY = '<!DOCTYPE a [<!ENTITY key "sandbox-ready">]>'


@pytest.mark.parametrize(
    "xml",
    [
        "",
        "<xmlszamlaxml",
        "\x00",
        PROBE.format("sandbox-ready").replace("xmlszamlaxml", "xmlszamla"),
        PROBE.format("sandbox-ready").replace(' xmlns="http://www.szamlazz.hu/xmlszamlaxml"', ""),
        PROBE.format("sandbox-ready").replace("<pdf>false</pdf>", "").replace("?>\n", "?>\n<!-- -->") + "<more/>",
        PROBE.format("sandbox-ready</szamlaagentkulcs><pdf>true</pdf><szamlaagentkulcs>"),
        PROBE.format("sandbox-ready").replace("<pdf>false</pdf>", "<colour/>"),
        PROBE.format("&key;").replace("?>\n", "?>\n" + ENTITY),
        PROBE.format("sandbox-ready").replace("?>\n", "?>\n<!DOCTYPE xmlszamlaxml>"),
        PROBE.format("&key;").replace("UTF-8", "UTF-16").replace("?>\n", "?>\n" + ENTITY).encode("utf-16"),
        PROBE.format("\udc80").encode("utf-8", "surrogateescape"),
        "<a>" * 100_000,
        "<a>" * 100_000 + "</a>" * 100_000,
    ],
)
@pytest.mark.parametrize("field", [QUERY, TAXPAYER])
def test_unfitting_xml_is_57(sandbox: Sandbox, field: str, xml: str | bytes) -> None:
    assert code_of(sandbox, form(field, xml)) == "57"


def test_elements_out_of_order_are_57(sandbox: Sandbox) -> None:
    key = "<szamlaagentkulcs>sandbox-ready</szamlaagentkulcs>"
    swapped = PROBE.format("sandbox-ready").replace(key, "").replace("<pdf>false</pdf>", f"<pdf>false</pdf>{key}")
    assert code_of(sandbox, form(QUERY, swapped)) == "57"


@pytest.mark.parametrize("boundary", ["limit", "----WebKitFormBoundary7MA4YWxkTrZu0gW", "a b", "'()+_,-./:=?"])
def test_every_way_to_write_the_form_is_read(sandbox: Sandbox, boundary: str) -> None:
    content_type = f'Multipart/Form-Data; charset=UTF-8; Boundary="{boundary}"'
    body = form(QUERY, "\ufeff" + PROBE.format(" sandbox-ready "), boundary=boundary)
    note = f'--{boundary}\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello\r\n'.encode()
    assert code_of(sandbox, note + body, content_type) == "7"


def test_a_company_is_looked_up_as_the_tax_authority_answers(sandbox: Sandbox) -> None:
    headers, root = post(sandbox, form(TAXPAYER, COMPANY.format("sandbox-ready", "13421739")))
    assert root.tag == f"{NAV}QueryTaxpayerResponse"
    assert root.findtext("{*}result/{*}funcCode") == "OK"
    assert root.findtext(f"{NAV}taxpayerValidity") == "true"
    assert root.findtext(f"{NAV}taxpayerData/{NAV}taxpayerName")
    assert root.findtext(".//{*}taxpayerId") == "13421739"
    assert "szlahu_error_code" not in headers


def test_a_number_of_nobody_is_answered_without_a_name(sandbox: Sandbox) -> None:
    _, root = post(sandbox, form(TAXPAYER, COMPANY.format("sandbox-ready", "12345678")))
    assert root.findtext("{*}taxpayerValidity") == "false"
    assert root.find("{*}taxpayerData") is None


@pytest.mark.parametrize("base", ["", "1342173", "134217390", "1342173x", "\uff11\uff13421739"])
def test_a_malformed_number_is_57(sandbox: Sandbox, base: str) -> None:
    assert code_of(sandbox, form(TAXPAYER, COMPANY.format("sandbox-ready", base))) == "57"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(xml=st.binary(max_size=200) | st.text(alphabet="<>&;![]/ab\"'= ").map(str.encode), tail=st.binary(max_size=40))
def test_any_bytes_are_answered(sandbox: Sandbox, capfd: pytest.CaptureFixture[str], xml: bytes, tail: bytes) -> None:
    for body in (form(QUERY, xml), form(TAXPAYER, xml) + tail, xml):
        assert code_of(sandbox, body) in {"53", "57"}
    assert capfd.readouterr() == ("", "")
