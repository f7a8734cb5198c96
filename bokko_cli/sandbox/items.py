"""The lines of a document: what is wrong with them and what they come to."""

from collections.abc import Sequence

from bokko_cli.sandbox.exchange import Json, is_text
from bokko_cli.sandbox.vocabulary import (
    ENTITLEMENTS,
    ENTITLEMENTS_OF_ZERO,
    UNIT_PRICE_TYPES,
    VAT_CODES,
    VAT_PERCENTAGES,
)

LARGEST = 1e12  # beyond it sums would no longer be exact to the fillér


def item_faults(items: object) -> dict[str, str]:
    """Say what is wrong, by field, with the place of the line in the name: `items.0.vat`."""
    if not isinstance(items, list) or not items:
        return {"items": "The items field is required."}
    return {
        f"items.{place}.{name}": message
        for place, item in enumerate(items)
        for name, message in faults_of_one(item).items()
    }


def faults_of_one(item: object) -> dict[str, str]:
    """Say what is wrong with one line, by its own field."""
    if not isinstance(item, dict):
        return {"name": "The item must be an object."}
    if item.get("product_id") is not None:
        return {"product_id": "The selected product_id is invalid."}
    errors = {name: f"The {name} field is required." for name in ("name", "unit") if not is_text(item.get(name))}
    errors |= {
        name: f"The {name} must be a number." for name in ("quantity", "unit_price") if not is_number(item.get(name))
    }
    if item.get("unit_price_type") not in [*UNIT_PRICE_TYPES]:
        errors["unit_price_type"] = "The selected unit_price_type is invalid."
    if not isinstance(item.get("comment", ""), str):
        errors["comment"] = "The comment must be a string."
    return errors | vat_faults(item.get("vat"), item.get("entitlement"))


def vat_faults(vat: object, entitlement: object) -> dict[str, str]:
    """Take 0% bare or with its reason, and no reason for a rate that is paid."""
    if not isinstance(vat, str) or (vat not in VAT_PERCENTAGES and vat not in VAT_CODES):
        return {"vat": "The selected vat is invalid."}
    if entitlement is not None and (not isinstance(entitlement, str) or entitlement not in ENTITLEMENTS):
        return {"entitlement": "The selected entitlement is invalid."}
    # Whether a bare 0% is taken nobody knows; the description has no rule against it.
    if vat == "0%" and entitlement is not None and entitlement not in ENTITLEMENTS_OF_ZERO:
        return {"entitlement": "The entitlement is not allowed with 0% VAT."}
    if VAT_PERCENTAGES.get(vat) and entitlement is not None:
        return {"entitlement": f"The entitlement is not allowed with {vat} VAT."}
    return {}


def is_number(value: object) -> bool:
    """Tell whether it is a number to reckon with; `true` is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= LARGEST


def priced(items: object) -> list[Json]:
    """Price the lines of a request without faults."""
    return [priced_one(item) for item in items] if isinstance(items, list) else []


def priced_one(item: Json) -> Json:
    """One line; a gross price is taken apart, a net price added to."""
    share = VAT_PERCENTAGES.get(str(item["vat"]), 0.0) / 100
    unit_price = float(str(item["unit_price"]))
    net_price = unit_price / (1 + share) if item["unit_price_type"] == "gross" else unit_price
    quantity = float(str(item["quantity"]))
    net = round(net_price * quantity, 2)
    vat = round(net_price * quantity * share, 2)
    return {
        "product_id": None,
        "name": item["name"],
        "net_unit_amount": round(net_price, 2),
        "quantity": quantity,
        "unit": item["unit"],
        "net_amount": net,
        "gross_amount": round(net + vat, 2),
        "vat": item["vat"],
        "vat_amount": vat,
        "comment": item.get("comment", ""),
        **({"entitlement": item["entitlement"]} if item.get("entitlement") else {}),
    }


def summary(items: Sequence[Json], rate: float) -> Json:
    """Add up all lines; local amounts are in forints, at the document's rate of exchange."""
    net, vat, gross = (total(items, name) for name in ("net_amount", "vat_amount", "gross_amount"))
    return {
        "net_amount": net,
        "net_amount_local": round(net * rate, 2),
        "gross_amount_local": round(gross * rate, 2),
        "vat_amount": vat,
        "vat_amount_local": round(vat * rate, 2),
        "vat_rate_summary": [rate_summary(items, name, rate) for name in sorted({str(row["vat"]) for row in items})],
    }


def rate_summary(items: Sequence[Json], vat: str, rate: float) -> Json:
    """Add up the lines with one VAT rate."""
    chosen = [item for item in items if item["vat"] == vat]
    return {
        "vat_name": vat,
        "vat_percentage": VAT_PERCENTAGES.get(vat, 0.0),
        "vat_rate_net_amount": total(chosen, "net_amount"),
        "vat_rate_vat_amount": total(chosen, "vat_amount"),
        "vat_rate_vat_amount_local": round(total(chosen, "vat_amount") * rate, 2),
        "vat_rate_gross_amount": total(chosen, "gross_amount"),
    }


def total(items: Sequence[Json], name: str) -> float:
    """Add up one amount."""
    return round(sum(float(str(item[name])) for item in items), 2)
