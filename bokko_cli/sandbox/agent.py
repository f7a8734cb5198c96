"""The Számla Agent: one address, a form field that names the function, and XML both ways; no document exists here."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote_plus
from xml.etree import ElementTree as ET

from bokko_cli.sandbox.exchange import Request, Response
from bokko_cli.sandbox.world import Account

QUERY_FIELD = "action-szamla_agent_xml"
TAXPAYER_FIELD = "action-szamla_agent_taxpayer"
QUERY_NAMESPACE = "{http://www.szamlazz.hu/xmlszamlaxml}"
TAXPAYER_NAMESPACE = "{http://www.szamlazz.hu/xmltaxpayer}"
QUERY_ORDER = ("felhasznalo", "jelszo", "szamlaagentkulcs", "szamlaszam", "rendelesSzam", "pdf", "szamlaKulsoAzon")
BASE_LENGTH = 8

MESSAGES: Mapping[int, str] = {
    1: "A rendszer karbantartás alatt áll, kérjük, próbálja meg később.",
    3: "Sikertelen bejelentkezés.",
    7: "A kért számla nem található.",
    53: "Hiányzó adat: nem érkezett XML fájl.",
    57: "XML olvasási hiba.",
    135: "Kérjük, jelentkezzen ki a böngészőben, majd próbálja újra.",
    136: "A bejelentkezés le van tiltva: a díjcsomag lejárt, vagy egy számla nincs időben kifizetve.",
    164: "A felhasználóhoz több fiók tartozik.",
    250: "A meghatalmazás nincs elfogadva.",
}
FOUND_NOTHING = 7
NO_FILE = 53
UNREADABLE_XML = 57

BOUNDARY = re.compile(r'multipart/form-data\s*;.*?boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
FIELD_NAME = re.compile(rb'(?<![\w*])name="([^"]*)"', re.IGNORECASE)
FILE_NAME = re.compile(rb'(?<![\w*])filename="[^"]+"', re.IGNORECASE)

FindAccount = Callable[[str], Account | None]


def answer(find_account: FindAccount, request: Request) -> Response:
    """Answer the function whose form field was sent; HTTP says 200 to everything."""
    files = file_parts(request) if request.method == "POST" else {}
    if QUERY_FIELD in files:
        return query(find_account, files[QUERY_FIELD])
    if TAXPAYER_FIELD in files:
        return taxpayer(find_account, files[TAXPAYER_FIELD])
    return refusal(NO_FILE)


def query(find_account: FindAccount, xml: bytes) -> Response:
    """Look for an invoice: with a good key there never is one."""
    root = parse(xml)
    if root is None or not is_query(root):
        return refusal(UNREADABLE_XML)
    return refusal(code_for(find_account, root.findtext(f"{QUERY_NAMESPACE}szamlaagentkulcs")))


def taxpayer(find_account: FindAccount, xml: bytes) -> Response:
    """Pass on the tax authority's answer about a company."""
    root = parse(xml)
    if root is None or root.tag != f"{TAXPAYER_NAMESPACE}xmltaxpayer":
        return refusal(UNREADABLE_XML)
    base = (root.findtext(f"{TAXPAYER_NAMESPACE}torzsszam") or "").strip()
    if len(base) != BASE_LENGTH or not base.isascii() or not base.isdecimal():
        return refusal(UNREADABLE_XML)
    code = code_for(
        find_account, root.findtext(f"{TAXPAYER_NAMESPACE}beallitasok/{TAXPAYER_NAMESPACE}szamlaagentkulcs")
    )
    return relayed(base) if code == FOUND_NOTHING else refusal(code)


def code_for(find_account: FindAccount, key: str | None) -> int:
    """Find the code that a key leads to."""
    account = find_account((key or "").strip())
    return 3 if account is None else account.agent_code


def is_query(root: ET.Element) -> bool:
    """Check the order of the elements, as the service's schema does."""
    names = [child.tag.removeprefix(QUERY_NAMESPACE) for child in root]
    in_order = [name for name in QUERY_ORDER if name in names]
    return root.tag == f"{QUERY_NAMESPACE}xmlszamlaxml" and names == in_order


def file_parts(request: Request) -> dict[str, bytes]:
    """Find the parts that are files, by field; a part without a file name is a plain field and does not count."""
    match = BOUNDARY.match(request.content_type.strip())
    if match is None:
        return {}
    boundary = (match[1] or match[2]).encode("latin-1", "replace")
    pieces = (b"\r\n" + request.body).split(b"\r\n--" + boundary)[1:]
    return dict(part for piece in pieces if (part := file_part(piece)) is not None)


def file_part(piece: bytes) -> tuple[str, bytes] | None:
    """Field name and content of one part, if it is a file."""
    head, separator, content = piece.partition(b"\r\n\r\n")
    name = FIELD_NAME.search(head)
    if not separator or name is None or not FILE_NAME.search(head):
        return None
    return name[1].decode("utf-8", "replace"), content


def parse(xml: bytes) -> ET.Element | None:
    """Find the root element; none for broken XML and for any that declares entities, which could grow without bound."""
    try:
        text = xml.decode("utf-8-sig")  # decoded first: UTF-16 would hide the word from the search
        if "<!DOCTYPE" in text or "<!ENTITY" in text:
            return None
        return ET.fromstring(text)  # noqa: S314  # without a DOCTYPE there are no entities to expand
    except (ValueError, ET.ParseError):
        return None


def refusal(code: int) -> Response:
    """Put a code in the body and, but for 7, in the headers too, the message form-url-encoded there."""
    message = MESSAGES.get(code, "Ismeretlen hiba.")
    body = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<xmlszamlavalasz xmlns="http://www.szamlazz.hu/xmlszamlavalasz"><sikeres>false</sikeres>'
        f"<hibakod><![CDATA[{code}]]></hibakod><hibauzenet><![CDATA[{message}]]></hibauzenet></xmlszamlavalasz>"
    )
    headers = {"szlahu_error_code": str(code), "szlahu_error": quote_plus(message)}
    return xml_answer(body, {} if code == FOUND_NOTHING else headers)


def relayed(base: str) -> Response:
    """Imitate the tax authority's interface 3.0; a number that fits is somebody's."""
    known = sum(int(digit) * weight for digit, weight in zip(base, (9, 7, 3, 1, 9, 7, 3, 1), strict=True)) % 10 == 0
    data = (
        f"<taxpayerData><taxpayerName>Sandbox Árvíztűrő Kft.</taxpayerName><taxNumberDetail>"
        f"<ns3:taxpayerId>{base}</ns3:taxpayerId><ns3:vatCode>2</ns3:vatCode></taxNumberDetail></taxpayerData>"
    )
    return xml_answer(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<QueryTaxpayerResponse xmlns="http://schemas.nav.gov.hu/OSA/3.0/api" '
        'xmlns:ns2="http://schemas.nav.gov.hu/NTCA/1.0/common" xmlns:ns3="http://schemas.nav.gov.hu/OSA/3.0/base">'
        "<ns2:result><ns2:funcCode>OK</ns2:funcCode></ns2:result>"
        f"<taxpayerValidity>{'true' if known else 'false'}</taxpayerValidity>"
        f"{data if known else ''}</QueryTaxpayerResponse>",
        {},
    )


def xml_answer(body: str, headers: Mapping[str, str]) -> Response:
    """Encode in UTF-8, as the XML says."""
    return Response(200, body.encode(), "application/xml;charset=UTF-8", headers)
