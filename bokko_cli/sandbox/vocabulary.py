"""The enumerations of Billingo's API description, 3.0.14."""

BLOCK_TYPES = frozenset(
    ["certificate_of_completion", "dossier", "invoice", "offer", "order_form", "receipt", "waybill"]
)
DOCUMENT_TYPES = frozenset(["advance", "draft", "invoice", "proforma"])
LANGUAGES = frozenset(["de", "en", "fr", "hr", "hu", "it", "ro", "sk", "us"])
PAYMENT_METHODS = frozenset(
    [
        "aruhitel",
        "bankcard",
        "barion",
        "barter",
        "cash",
        "cash_on_delivery",
        "coupon",
        "elore_utalas",
        "ep_kartya",
        "kompenzacio",
        "levonas",
        "online_bankcard",
        "other",
        "paylike",
        "payoneer",
        "paypal",
        "paypal_utolag",
        "payu",
        "pick_pack_pont",
        "postai_csekk",
        "postautalvany",
        "skrill",
        "szep_card",
        "transferwise",
        "upwork",
        "utalvany",
        "valto",
        "wire_transfer",
    ]
)
CURRENCIES = frozenset(
    [
        "AED",
        "AUD",
        "BGN",
        "BRL",
        "CAD",
        "CHF",
        "CNY",
        "CZK",
        "DKK",
        "EUR",
        "GBP",
        "HKD",
        "HRK",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "ISK",
        "JPY",
        "KRW",
        "MXN",
        "MYR",
        "NOK",
        "NZD",
        "PHP",
        "PLN",
        "RON",
        "RSD",
        "RUB",
        "SEK",
        "SGD",
        "THB",
        "TRY",
        "UAH",
        "USD",
        "ZAR",
    ]
)
PARTNER_TAX_TYPES = frozenset(["", "FOREIGN", "HAS_TAX_NUMBER", "NO_TAX_NUMBER"])
UNIT_PRICE_TYPES = frozenset(["gross", "net"])
ENTITLEMENTS = frozenset(
    [
        "AAM",
        "ANTIQUES",
        "ARTWORK",
        "ATK",
        "EAM",
        "EUE",
        "EUFAD37",
        "EUFADE",
        "HO",
        "KBAET",
        "NAM_1",
        "NAM_2",
        "SECOND_HAND",
        "TAM",
        "TRAVEL_AGENCY",
    ]
)
ENTITLEMENTS_OF_ZERO = frozenset(["AAM", "EAM", "KBAET", "NAM_1", "NAM_2", "TAM"])
VAT_PERCENTAGES = {f"{rate}%": float(rate) for rate in range(28)} | {"5,5%": 5.5, "7,7%": 7.7, "9,5%": 9.5}
VAT_CODES = frozenset(["AAM", "AM", "EU", "EUK", "F.AFA", "FAD", "K.AFA", "MAA", "TAM", "ÁKK", "ÁTHK"])
