"""The enumerations of Billingo's API description 3.0.14, and the members that the service has taken since."""


def words(text: str) -> frozenset[str]:
    """Cut a list that would be a page long with a word a line."""
    return frozenset(text.split())


BLOCK_TYPES = frozenset(
    ["certificate_of_completion", "dossier", "invoice", "offer", "order_form", "receipt", "waybill"]
)
DOCUMENT_TYPES = frozenset(["advance", "draft", "invoice", "proforma"])
LANGUAGES = frozenset(["de", "en", "fr", "hr", "hu", "it", "ro", "sk", "us"])
PAYMENT_METHODS = words("""
    aruhitel bankcard barion barter cash cash_on_delivery coupon elore_utalas ep_kartya kompenzacio levonas
    online_bankcard other paylike payoneer paypal paypal_utolag payu pick_pack_pont postai_csekk postautalvany
    skrill szep_card transferwise upwork utalvany valto wire_transfer
""") | {"cod_balance", "combined", "credit", "ebay", "revolut", "stripe"}
CURRENCIES = words("""
    AED AUD BGN BRL CAD CHF CNY CZK DKK EUR GBP HKD HRK HUF IDR ILS INR ISK JPY KRW MXN MYR NOK NZD PHP PLN RON
    RSD RUB SEK SGD THB TRY UAH USD ZAR
""") | {"ALL", "COP", "GEL", "LEJ", "MKD", "MNT", "SKK"}
COUNTRIES = words("""
    AC AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY
    BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET FI
    FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HN HR HT HU IC ID IE IL IM IN IO
    IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG
    MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK
    PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TA
    TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XA XB XK YE YT
    ZA ZM ZW
""")
DOCUMENT_FILTER_TYPES = words("""
    advance cancellation cert_of_completion d_cert_of_completion dossier draft_offer draft_order_form draft_waybill
    invoice modification offer order_form proforma receipt receipt_cancellation waybill
""")
PARTNER_TAX_TYPES = frozenset(["", "FOREIGN", "HAS_TAX_NUMBER", "NO_TAX_NUMBER"])
UNIT_PRICE_TYPES = frozenset(["gross", "net"])
ENTITLEMENTS = words("""
    AAM ANTIQUES ARTWORK ATK EAM EUE EUFAD37 EUFADE HO KBAET NAM_1 NAM_2 SECOND_HAND TAM TRAVEL_AGENCY
""") | {"WITHOUT_ENTITLEMENT"}
ENTITLEMENTS_OF_ZERO = frozenset(["AAM", "EAM", "KBAET", "NAM_1", "NAM_2", "TAM", "WITHOUT_ENTITLEMENT"])
FRACTIONS = {"5,5%": 5.5, "7,7%": 7.7, "8,1%": 8.1, "9,5%": 9.5, "25,5%": 25.5}
VAT_PERCENTAGES = {f"{rate}%": float(rate) for rate in range(28)} | FRACTIONS
VAT_CODES = frozenset(["AAM", "AM", "EU", "EUK", "F.AFA", "FAD", "K.AFA", "MAA", "TAM", "ÁKK", "ÁTHK"])
