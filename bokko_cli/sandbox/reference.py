"""What can only be read: whose account it is, tax numbers, rates of exchange and the time."""

from bokko_cli.sandbox import budapest
from bokko_cli.sandbox.exchange import Json, Request, Response, invalid, is_date, json_answer
from bokko_cli.sandbox.vocabulary import CURRENCIES
from bokko_cli.sandbox.world import Account

OTHER_RATE = 100.0  # forints for one of any currency that the account has no rate for


def show_organization(account: Account, _: Request) -> Response:
    """Whose key this is; Billingo gives no name here."""
    subscription = {"expiration_date": account.expires.isoformat(), "features": account.features}
    return json_answer(
        200,
        {
            "tax_code": account.tax_code,
            "subscription": subscription,
            "has_nav_connection": account.has_nav_connection,
        },
    )


def check_tax_number(account: Account, last: str, _: Request) -> Response:
    """Answer 200 to a bad number too: the verdict is in `result`."""
    verdict = account.nav_says if account.has_nav_connection else "no_online_szamla_settings"
    if not is_tax_number(last):
        verdict = "invalid_tax_number"
    shown: Json = {"tax_number": last, "result": verdict}
    if verdict == "validation_ok":
        shown["taxpayer_name"] = "Sandbox Árvíztűrő Kft."
    return json_answer(200, shown)


def is_tax_number(text: str) -> bool:
    """Form 8-1-2 with a fitting check digit; all zeros is nobody's."""
    base, _, rest = text.partition("-")
    vat, _, county = rest.partition("-")
    parts_fit = [len(part) for part in (base, vat, county)] == [8, 1, 2]
    if not parts_fit or not (base + vat + county).isascii() or not (base + vat + county).isdecimal():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(base, (9, 7, 3, 1, 9, 7, 3, 1), strict=True))
    return total % 10 == 0 and vat in "12345" and base != "00000000"


def show_time(_: Account, __: Request) -> Response:
    """Tell the server's clock, which is Hungary's."""
    now = budapest.now()
    return json_answer(
        200,
        {
            "epoch": int(now.timestamp()),
            "formatted": now.strftime("%Y-%m-%d %H:%M:%S"),
            "w3c": now.isoformat(),
            "timezone": "Europe/Budapest",
        },
    )


def show_rate(account: Account, request: Request) -> Response:
    """Tell what one of a currency is worth in another; the rates are made up, and the same on every day."""
    asked = {name: request.query.get(name, "") for name in ("from", "to")}
    day = request.query.get("date", budapest.today().isoformat())
    errors = {
        name: f"The selected {name} is invalid." for name, currency in asked.items() if currency not in CURRENCIES
    }
    if not is_date(day):
        errors["date"] = "The date is not a valid date."
    if errors:
        return invalid(errors)
    worth, unit = (account.rates.get(currency, OTHER_RATE) for currency in asked.values())
    return json_answer(
        200,
        {
            "from_currency": asked["from"],
            "to_currency": asked["to"],
            "conversation_rate": round(worth / unit, 6),
            "date": day,
        },
    )
