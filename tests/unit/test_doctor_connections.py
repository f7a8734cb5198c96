"""What `doctor` says of each connection: its state and problems, in words and with their codes."""

from pathlib import Path

import pytest

from bokko_cli.output.hungarian import in_hungarian
from tests.unit.doctoring import examine, machine

pytestmark = pytest.mark.usefixtures("own_home")


def test_connection_with_problems_is_told_in_words_with_their_codes_behind_them(tmp_path: Path) -> None:
    here = machine(tmp_path).connected(invoice_capable=False)
    here.secrets["keyring"].kept.clear()
    item = examine(here)["connections", "default.billingo"]
    assert item.level == "problem"
    assert item.message == (
        "default, Billingo: needs attention (key_missing, not_invoice_capable). "
        "The key is not where the settings say it is."
    )
    assert str(item.fix).endswith("Run: bokko billingo connect")


@pytest.mark.parametrize(
    ("settings", "state"), [({}, "kész"), ({"invoice_capable": False}, "teendő van (not_invoice_capable). ")]
)
def test_state_of_a_connection_is_told_in_the_words_that_status_has(
    tmp_path: Path, settings: dict[str, bool], state: str
) -> None:
    here = machine(tmp_path).connected(**settings)
    item = examine(here)["connections", "default.billingo"]
    assert in_hungarian(item.message).startswith(f"default, Billingo: {state}")


def test_connection_that_nobody_made_active_is_told(tmp_path: Path) -> None:
    here = machine(tmp_path).connected()
    here.settings.write_text(here.settings.read_text("utf-8").replace('active_provider = "billingo"', ""), "utf-8")
    item = examine(here)["connections", "default.billingo"]
    assert (item.level, item.fix) == ("warning", "Run: bokko billingo activate")


def test_variable_that_names_another_address_than_the_stored_one_is_told(tmp_path: Path) -> None:
    here = machine(tmp_path).connected()
    here.environ["BOKKO_BILLINGO_URL"] = "https://gateway.example:8443/secret/v3"
    item = examine(here)["connections", "default.billingo.address"]
    assert item.level == "problem"
    assert "gateway.example, but the stored key belongs to api.billingo.hu" in item.message
    assert "secret" not in item.message


def test_each_problem_of_a_connection_has_its_meaning_and_its_fix(tmp_path: Path) -> None:
    of = machine(tmp_path).connected(invoice_capable=False, tax_number="10773381-2-44")
    of.secrets["keyring"].kept.clear()
    found = examine(of)
    first = found["connections", "default.billingo"]
    assert (first.level, first.message) == (
        "problem",
        ("default, Billingo: needs attention (key_missing, not_invoice_capable, tax_number_differs). "
        "The key is not where the settings say it is."),
    )  # fmt: skip
    capable = found["connections", "default.billingo.not_invoice_capable"]
    assert (capable.level, capable.message) == (
        "problem",
        "default, Billingo: Invoice capable is set to no. (not_invoice_capable)",
    )
    assert (capable.fix or "").endswith("Run: bokko billingo configure --invoice-capable")
    assert found["connections", "default.billingo.tax_number_differs"].level == "warning"
