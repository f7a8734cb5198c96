"""The lists that help shows are whole: what the code knows stands in them, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import bokko_cli
from bokko_cli.model.codes import PROBLEMS
from bokko_cli.model.environment import VARIABLES

SOURCES = [ast.parse(path.read_text("utf-8")) for path in Path(bokko_cli.__file__).parent.rglob("*.py")]
HEEDED_BY_LIBRARIES = {"SSL_CERT_DIR", "SSL_CERT_FILE", "SSLKEYLOGFILE", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"}
ONLY_LOOKED_AT = {"DISPLAY", "WAYLAND_DISPLAY", "WT_SESSION", "SHELL"}
"""What the system sets, and nobody sets for bokko."""


def read_variables() -> Iterator[str]:
    """Yield each variable that the code reads by a literal name."""
    for tree in SOURCES:
        for node in ast.walk(tree):
            match node:
                case ast.Call(func=ast.Attribute(value=place, attr="get"), args=[ast.Constant(value=str(name)), *_]):
                    if "environ" in ast.unparse(place):
                        yield name
                case ast.Call(func=ast.Attribute(attr="getenv"), args=[ast.Constant(value=str(name)), *_]):
                    yield name
                case ast.Subscript(value=place, slice=ast.Constant(value=str(name))):
                    if ast.unparse(place).endswith("environ"):
                        yield name


def told_problems() -> Iterator[tuple[str, str]]:
    """Yield code and level of each problem that the code makes with literals."""
    for tree in SOURCES:
        for node in ast.walk(tree):
            match node:
                case ast.Call(
                    func=ast.Name(id="Problem"),
                    args=[ast.Constant(value=str(code)), ast.Constant(value=str(level)), *_],
                ):
                    yield code, level


def test_every_variable_that_is_read_is_listed() -> None:
    listed = {variable.name for variable in VARIABLES}
    assert set(read_variables()) - listed - ONLY_LOOKED_AT == set()


def test_every_problem_that_is_told_is_listed_with_its_level() -> None:
    told = dict(told_problems())
    assert len(told) > 5
    assert {code: PROBLEMS[code].level for code in told} == told


def test_every_problem_code_of_the_contract_is_listed() -> None:
    assert set(PROBLEMS) == {
        "key_missing", "keyring_unavailable", "not_invoice_capable", "read_only_key", "rehearsal_failed",
        "drafts_not_in_plan", "key_rejected", "no_api_access", "no_permission", "unreachable", "block_missing",
        "account_missing", "different_account", "block_renamed", "account_renamed", "tax_number_differs",
        "vat_rate_doubtful", "foreign_currency_account", "subscription_expiring", "no_nav_connection",
        "drafts_may_be_missing",
    }  # fmt: skip
